/** docs/guides/auth.md, followed while a client is at work that may do little. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { underLoad } from "./change.js";
import type { Ended } from "./execute.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

describe("authentication is turned on and off under load", () => {
  const guide = new Guide("auth");
  const password = "canary-90ce-lab";
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    Object.assign(operator.env, { BATCH_PASSWORD: password });
    await mkdir(join(operator.folder, "secrets"));
    await writeFile(join(operator.folder, "secrets", "app-password"), `${password}\n`, { mode: 0o600 });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    // The guide gives it to its client while that is at work as nobody; this one comes with its own from the beginning.
    const issued = await operator.quorate(["certs", "issue", "app", "--out", "client"]);
    expect(issued.code, said(issued)).toBe(0);
  });
  afterAll(() => lab.destroy());

  const app = async (): Promise<{ files: { ca: string; cert: string; key: string }; prefix: string }> => {
    const exported = await operator.quorate(["export", "etcdctl"]);
    const ca = /ETCDCTL_CACERT=['"]?([^'"\n]+)/.exec(exported.stdout)?.[1] ?? "";
    const own = (name: string): string => join(operator.folder, "client", name);
    return { files: { ca, cert: own("app.pem"), key: own("app-key.pem") }, prefix: "/app/work/" };
  };
  const metrics = {
    ETCDCTL_CERT: "metrics-client/metrics.pem",
    ETCDCTL_KEY: "metrics-client/metrics-key.pem",
  };
  /** etcdctl as a user, by password. */
  const as = (user: string, ...args: string[]): Promise<Ended> =>
    operator.etcdctl([...args, "--user", `${user}:${password}`]);

  test("turned on in a cluster that is in use", async () => {
    await underLoad(
      operator,
      "authentication turned on",
      async (doing) => {
        await guide.follow(operator, "In a cluster that is in use", doing);
      },
      await app(),
    );
    for (const user of ["app", "batch"]) {
      expect((await as(user, "put", "/app/x", "1")).stdout).toBe("OK\n");
      expect((await as(user, "put", "/other", "1")).stderr).toContain("permission denied");
    }
    expect((await operator.etcdctl(["member", "list"], metrics)).code).toBe(0);
    expect((await operator.etcdctl(["get", "/app/x"], metrics)).stderr).toContain("permission denied");
  });

  test("turned off again", async () => {
    await underLoad(
      operator,
      "authentication turned off",
      async (doing) => {
        await guide.follow(operator, "Turning it off", doing);
      },
      await app(),
    );
    expect(guide.left).toEqual([]);
    expect((await operator.etcdctl(["get", "/app/x"], metrics)).code).toBe(0);
  });

  test("and undone, which turns it on", async () => {
    const { runs } = await operator.json<{ runs: { run: string }[] }>(["log"]);
    const last =
      runs
        .map(({ run }) => run)
        .sort()
        .at(-1) ?? "";
    const before = await readFile(operator.file, "utf8");
    await underLoad(
      operator,
      "turning authentication off undone",
      async (doing) => {
        const undone = await doing(() => operator.quorate(["undo", last, "--yes"]));
        expect(undone.code, said(undone)).toBe(0);
        expect(undone.stdout).toContain("turn authentication on");
      },
      await app(),
    );
    expect(await readFile(operator.file, "utf8")).toBe(before.replace("  enabled: false\n", ""));
    expect((await as("app", "put", "/other", "1")).stderr).toContain("permission denied");
  });
});
