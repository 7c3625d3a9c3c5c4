/** What this process sees of its machine must be what the script sees. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Host, HostAction, HostQuestion, Reachable } from "../../src/host/host.js";
import { lookHere } from "../../src/host/local-look.js";
import { openLocalShell } from "../../src/host/local-shell.js";
import { ShellHost } from "../../src/host/shell-host.js";
import { localTrial, me, type LocalTrial } from "./local-trial.js";
import { holder } from "./trial.js";

let trial: LocalTrial;
let own: Host;
let byShell: Host;
beforeEach(async () => {
  trial = await localTrial();
  own = trial.open();
  const readIdentity = (bytes: Uint8Array) => (bytes[0] === 0x57 ? { clusterId: "c1", memberId: "a1" } : undefined);
  byShell = new ShellHost("a", () => openLocalShell("a"), { state: trial.state, readIdentity });
});
afterEach(async () => {
  await byShell.close();
  await trial.remove();
});

const at = (path: string): string => join(trial.folder, path);
const folder = (path: string, mode = "0750"): HostAction => ({ do: "make-directory", path: at(path), mode, ...me });

/** Everything that can be asked of a local member. */
const question = (ports: readonly number[] = []): HostQuestion => ({
  service: { kind: "process", unit: "etcd", unitPath: trial.unitPath },
  user: me.owner,
  texts: [trial.unitPath, at("live/ca.pem"), at("none"), at("text")],
  stats: [at("data"), trial.state, at("live"), at("set/key.pem"), at("none/at/all")],
  digests: [at("live/key.pem"), at("none"), at("text")],
  releases: [at("etcd-v3"), at("etcd-v4")],
  data: at("data"),
  wal: undefined,
  state: trial.state,
  ports,
});

/** What changes from one instant to the next. */
function plain(seen: Reachable) {
  const disks = Object.entries(seen.disks).map(([path, { readOnly, noExec, freeBytes }]) => [
    path,
    readOnly,
    noExec,
    freeBytes > 0,
  ]);
  return { ...seen, clockSkew: Math.abs(seen.clockSkew) < 60_000, disks };
}

/** Both looks, which must be the same, and the one of this process must not have been the script's. */
async function seen(asked = question()): Promise<Reachable> {
  expect(lookHere(asked)).toBeDefined();
  const [mine, script] = [await trial.look(own, asked), await trial.look(byShell, asked)];
  expect(plain(mine)).toEqual(plain(script));
  return mine;
}

describe("this machine", () => {
  test("with nothing on it", async () => {
    expect(await seen()).toMatchObject({ data: { kind: "absent" }, service: { installed: false }, lock: undefined });
  });

  test("with texts, links, keys, a release and a damaged one", async () => {
    await own.act([
      ...[folder("set", "0700"), folder("data"), folder("state"), folder("etcd-v3"), folder("etcd-v4")],
      ...[trial.put("set/ca.pem", "pem\n@x \n"), trial.put("set/key.pem", "secret", "0600"), trial.put("text", "")],
      { do: "link", path: at("live"), target: at("set") },
      ...[trial.put("etcd-v3/etcd", "binary", "0755"), trial.put("etcd-v4/etcd", "binary", "0755")],
      ...[at("etcd-v3"), at("etcd-v4")].map((path): HostAction => ({ do: "seal-release", path })),
      trial.put("etcd-v4/etcd", "changed", "0755"),
      trial.put("state/member.json", '{"clusterId":"abc"}\n'),
    ]);
    const { texts, releases, mark } = await seen();
    expect(texts).toEqual({ [at("live/ca.pem")]: "pem\n@x \n", [at("text")]: "" });
    expect([releases[at("etcd-v4")], mark]).toEqual(["damaged", '{"clusterId":"abc"}\n']);
  });

  test.each([
    ["empty", ["lost+found/"], { kind: "empty" }],
    ["foreign", ["b.txt", ".hidden", "a b"], { kind: "foreign", found: [".hidden", "a b", "b.txt"] }],
    [
      "a member's",
      ["member/wal/0-0.wal", "member/wal/1-1.wal", "member/snap/"],
      { kind: "member", clusterId: "c1", memberId: "a1" },
    ],
  ])("whose data folder is %s", async (_, names, data) => {
    for (const name of names) {
      await mkdir(at(`data/${name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ""}`), { recursive: true });
      if (!name.endsWith("/")) await writeFile(at(`data/${name}`), name.includes("1-1") ? "W, the last one" : "x");
    }
    expect((await seen()).data).toEqual(data);
  });

  test("whose data folder is a file, or a link to nowhere", async () => {
    await writeFile(at("data"), "x");
    expect((await seen()).data).toEqual({ kind: "foreign", found: ["not a folder"] });
    await own.act([{ do: "remove", path: at("data") }]);
    await symlink("/nowhere", at("data"));
    expect((await seen()).data).toEqual({ kind: "foreign", found: ["not a folder"] });
  });

  test("with a member that runs, and one that has ended", async () => {
    const script = "#!/bin/sh\necho last words\nexec env QUORATE_CONFIG=c0ffee sleep 600\n";
    await own.act([
      folder("state"),
      { ...trial.put("x", script, "0755"), path: trial.unitPath } as HostAction,
      { do: "start", unit: "etcd" },
    ]);
    await expect
      .poll(async () => (await trial.look(byShell, question())).service.config, { timeout: 20_000 })
      .toBe("c0ffee");
    const running = await seen();
    expect(running.service).toMatchObject({ state: "running", config: "c0ffee" });
    process.kill(running.service.pid ?? 0, "SIGKILL");
    await expect
      .poll(async () => (await trial.look(byShell, question())).service.state, { timeout: 20_000 })
      .toBe("failed");
    expect((await seen()).service).toMatchObject({ state: "failed", logTail: ["last words"] });
  });

  test("whose lock somebody holds, and has given back", async () => {
    await byShell.lock(holder("ann"));
    expect((await seen()).lock).toEqual(holder("ann"));
    await byShell.unlock();
    expect((await seen()).lock).toBeUndefined();
  });

  test("with ports that a stranger has", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { listeners } = await seen(question([port, 1]));
    expect(listeners).toEqual([
      { address: "127.0.0.1", port, pid: process.pid, command: expect.any(String) as string },
    ]);
    server.close();
  });

  test("is left to the script where accounts, other programs or somebody else's process are asked about", async () => {
    expect(lookHere({ ...question(), user: "somebody-else" })).toBeUndefined();
    expect(lookHere({ ...question(), program: "etcd" })).toBeUndefined();
    expect(lookHere({ ...question(), certificates: [] })).toBeUndefined();
    const stranger = spawn("sleep", ["600"]);
    await once(stranger, "spawn");
    const stat = await readFile(`/proc/${stranger.pid}/stat`, "utf8");
    const started = stat.slice(stat.lastIndexOf(") ") + 2).split(" ")[19];
    await mkdir(trial.state, { recursive: true });
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    await writeFile(join(trial.state, "etcd.pid"), `${stranger.pid} ${started} ${boot}`);
    expect(lookHere(question())).toBeUndefined();
    expect((await trial.look(own, question())).service.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    stranger.kill("SIGKILL");
  });
});
