import { createHash } from "node:crypto";
import { appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Host } from "../../src/host/host.js";
import { manifestDigest, parseManifest } from "../../src/host/manifest.js";
import { localTrial, type LocalTrial } from "./local-trial.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("manifestDigest", () => {
  it("does not depend on order", () => {
    const [a, b] = [
      { name: "etcd", sha256: sha256("1") },
      { name: "etcdctl", sha256: sha256("2") },
    ];
    expect(manifestDigest([a, b])).toBe(manifestDigest([b, a]));
  });

  it("depends on every name and digest", () => {
    const digests = [
      manifestDigest([{ name: "etcd", sha256: sha256("1") }]),
      manifestDigest([{ name: "etcdctl", sha256: sha256("1") }]),
      manifestDigest([{ name: "etcd", sha256: sha256("2") }]),
      manifestDigest([]),
    ];
    expect(new Set(digests).size).toBe(4);
  });
});

it.each(["", "nonsense", `${sha256("x")} 1 2`, `${sha256("x")} 1 2 ../etcd`, `${sha256("x")} -1 2 etcd`])(
  "%j is no manifest",
  (text) => {
    expect(parseManifest(text)).toBeUndefined();
  },
);

describe("a sealed release", () => {
  let trial: LocalTrial;
  let host: Host;
  let path: string;
  const judge = async (): Promise<string | undefined> => (await trial.look(host, { releases: [path] })).releases[path];

  beforeEach(async () => {
    trial = await localTrial();
    host = trial.open();
    path = join(trial.folder, "etcd-v3.5.30");
    await mkdir(path);
    await writeFile(join(path, "etcd"), "server", { mode: 0o755 });
    await host.act([trial.put("etcd-v3.5.30/etcdctl", "client", "0755"), { do: "seal-release", path }]);
  });
  afterEach(async () => {
    await trial.remove();
  });

  it("has the digest that the planner computes, for files put just now and for those that were there", async () => {
    expect(await judge()).toBe(
      manifestDigest([
        { name: "etcd", sha256: sha256("server") },
        { name: "etcdctl", sha256: sha256("client") },
      ]),
    );
  });

  it("says on disk what the binaries are", async () => {
    const lines = (await readFile(join(path, "manifest"), "utf8")).trim().split("\n");
    expect(lines.map((line) => line.split(" ").slice(0, 2))).toEqual([
      [sha256("server"), "6"],
      [sha256("client"), "6"],
    ]);
  });

  it("is damaged when a binary grew", async () => {
    await appendFile(join(path, "etcd"), "x");
    expect(await judge()).toBe("damaged");
  });

  it("is damaged when a binary was replaced by one of the same size", async () => {
    await writeFile(join(path, "etcd"), "SERVER");
    expect(await judge()).toBe("damaged");
  });

  it("is damaged when a binary cannot be executed", async () => {
    await chmod(join(path, "etcd"), 0o644);
    expect(await judge()).toBe("damaged");
  });

  it("can be sealed again", async () => {
    await writeFile(join(path, "etcd"), "SERVER");
    await host.act([{ do: "seal-release", path }]);
    expect(await judge()).toBe(
      manifestDigest([
        { name: "etcd", sha256: sha256("SERVER") },
        { name: "etcdctl", sha256: sha256("client") },
      ]),
    );
  });

  it("is not sealed when it is empty", async () => {
    await mkdir(join(trial.folder, "empty"));
    await expect(host.act([{ do: "seal-release", path: join(trial.folder, "empty") }])).rejects.toMatchObject({
      code: "E_HOST_COMMAND",
    });
  });
});
