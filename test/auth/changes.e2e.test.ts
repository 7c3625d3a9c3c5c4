/** Every change of members, settings and versions with authentication on, while a user who may do little is at work. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TlsMaterial } from "../../src/etcd/client.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { ChangingSite, type Wanted } from "../changes/site.js";
import { healthLines, said } from "../cli/quorate.js";

const auth = `auth:
  roles:
    app: [readwrite /app/*]
  users:
    app: { roles: [app], certificate: true }
    batch: { roles: [app], password: prompt }
    monitor: { certificate: true }
`;

const three = ["m0", "m1", "m2"];

describe.each([
  { from: "3.4.23", to: "3.5.30" },
  { from: "3.5.16", to: "3.5.30" },
] as const)("with authentication on, a cluster of etcd $from", ({ from, to }) => {
  let site: ChangingSite;
  let app: TlsMaterial;
  const issued = async (name: string): Promise<{ cert: string; key: string }> => {
    const folder = join(site.folder, `of-${name}`);
    if (!existsSync(folder)) await site.must("certs", "issue", name, "--out", folder);
    return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
  };
  beforeAll(async () => {
    site = await ChangingSite.of([from, to], { version: from, members: three, more: auth });
    const made = await site.atTerminal(["up", "--yes"], "first\nfirst\n");
    expect(made).toContain("New password of the user batch: ");
    const { ca } = await site.identity();
    const { cert, key } = await issued("app");
    app = { ca, cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  });
  afterAll(() => site.leave());

  /** Edits the file and has it made true under load. */
  async function change(title: string, edit: Partial<Wanted>, before?: () => Promise<void>): Promise<void> {
    const load = await site.clients(app, "/app/work/");
    await before?.();
    site.write(edit);
    const begin = performance.now();
    await load.during("change", () => site.up());
    const wall = performance.now() - begin;
    await load.control(Math.min(wall, 10_000));
    const verdict = await load.stop();
    console.log(`${from}, auth, ${title}: ${verdictLine(verdict)}; ${(wall / 1000).toFixed(1)} s`);
    expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    const again = await site.quorate("plan");
    expect(again.code, said(again)).toBe(0);
    expect((await site.must("health")).stdout.match(healthLines)).toHaveLength(site.wanted.members.length);
    expect(await lets("first"), "users and roles are there all along").toBe(true);
  }
  const lets = (password: string): Promise<boolean> =>
    site.at(site.urls()[0] ?? "", ({ auth: of }) =>
      of.authenticate("batch", password).then(
        () => true,
        () => false,
      ),
    );
  const listed = (members: readonly string[]): Promise<void> =>
    expect(site.listed()).resolves.toEqual([...members].sort());

  test("takes settings, one member after the other", async () => {
    await change("settings", { settings: { "snapshot-count": "20000" } });
  });

  test("grows to five", async () => {
    await change("three to five", { members: [...three, "m3", "m4"] });
    await listed([...three, "m3", "m4"]);
  });

  test("shrinks to three", async () => {
    await change("five to three", { members: three });
    await listed(three);
  });

  test("replaces a member whose disk came back empty", async () => {
    await change("disk lost", {}, async () => {
      await site.kill("m1");
      rmSync(site.dataOf("m1"), { recursive: true });
    });
    await listed(three);
  });

  test(`is upgraded to ${to}`, { timeout: 300_000 }, async () => {
    await change(`upgrade to ${to}`, { version: to });
  });

  test("gives a user whose password was asked for a new one", async () => {
    const other = await site.quorate("up", "--yes", "--new-password", "app");
    expect(other.code, said(other)).toBe(1);
    expect(other.stderr).toContain("E_USAGE");
    const planned = await site.quorate("plan", "--new-password", "batch");
    expect(planned.code, said(planned)).toBe(2);
    expect(planned.stdout).toContain("set how the user batch comes in: a password");
    const done = await site.atTerminal(["up", "--yes", "--new-password", "batch"], "second\nsecond\n");
    expect([await lets("first"), await lets("second")], done).toEqual([false, true]);
    expect((await site.quorate("plan")).code).toBe(0);
    const nobody = await site.quorate("up", "--yes", "--new-password", "batch");
    expect(nobody.code, said(nobody)).toBe(1);
    expect(nobody.stderr).toContain("E_NO_TERMINAL");
    expect(await lets("second")).toBe(true);
  });

  test("is looked at by root, and proven by a user who may do nothing", async () => {
    for (const verb of ["status", "hash-check"]) {
      const ended = await site.quorate(verb);
      expect(ended.code, said(ended)).toBe(0);
    }
    const { ca } = await site.identity();
    const { cert, key } = await issued("monitor");
    const identity = { ca, cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
    const cluster = openCluster({ tls: async () => identity });
    // A quorum agreed on who may read what, so it is healthy, as etcdctl says too.
    for (const url of site.urls())
      expect((await cluster.member(url).proveQuorum(10_000)).tookMilliseconds).toBeGreaterThan(0);
    await expect(cluster.member(site.urls()[0] ?? "").hashKv(0n, 10_000)).rejects.toMatchObject({ kind: "status" });
    await cluster.close();
  });
});
