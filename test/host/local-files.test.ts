/** What this process does with files itself must be what the shell would have done. */
import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { execFileSync, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../../src/host/command-failure.js";
import type { Host, HostAction } from "../../src/host/host.js";
import { openLocalShell } from "../../src/host/local-shell.js";
import { ShellHost } from "../../src/host/shell-host.js";
import { localTrial, me, type LocalTrial } from "./local-trial.js";
import { holder } from "./trial.js";

let trial: LocalTrial;
let byShell: Host;
beforeEach(async () => {
  trial = await localTrial();
  byShell = new ShellHost("a", () => openLocalShell("a"), { state: trial.state, readIdentity: () => undefined });
});
afterEach(async () => {
  await byShell.close();
  await trial.remove();
});

const at = (path: string): string => join(trial.folder, path);
const folder = (path: string, mode = "0750"): HostAction => ({ do: "make-directory", path: at(path), mode, ...me });

/** Every action that is done without the shell, below a folder of this name. */
const everything = (top: string): HostAction[] => [
  folder(`${top}/deep/er`),
  trial.put(`${top}/deep/er/one`, "1", "0600"),
  trial.put(`${top}/deep/er/two`, "2", "0644"),
  folder(`${top}/etcd-v3`, "0755"),
  trial.put(`${top}/etcd-v3/etcd`, "binary", "0755"),
  trial.put(`${top}/etcd-v3/etcdctl`, "tool", "0755"),
  { do: "seal-release", path: at(`${top}/etcd-v3`) },
  { do: "link", path: at(`${top}/current`), target: at(`${top}/etcd-v3`) },
  { do: "append", path: at(`${top}/log`), text: "a line\n" },
];

/** Names, kinds, modes, owners and contents; of a manifest without the times. */
function listing(top: string): string {
  const format = "%P %y %m %U:%G %l\\n";
  const names = execFileSync("find", [at(top), "-printf", format], { encoding: "utf8" })
    .split("\n")
    .sort()
    .join("\n");
  const files = execFileSync("find", [at(top), "-type", "f", "-printf", "%P\\n"], { encoding: "utf8" });
  const contents = files.trim().split("\n").sort();
  const texts = contents.map((name) => execFileSync("cat", [at(`${top}/${name}`)], { encoding: "utf8" }));
  return [names, ...texts]
    .join("\n")
    .replaceAll(at(top), "TOP")
    .replace(/ \d{9,}\.\d{9} /g, " TIME ");
}

describe("files of this machine", () => {
  test("come out as they do by the shell", async () => {
    await trial.open().act(everything("own"));
    await byShell.act(everything("shell"));
    expect(listing("own")).toBe(listing("shell"));
    expect(listing("own")).toMatch(/[0-9a-f]{64} 6 TIME etcd\n[0-9a-f]{64} 4 TIME etcdctl\n/);
    expect(await readlink(at("own/current"))).toBe(at("own/etcd-v3"));
  });

  test("lie in folders that everybody may enter, whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      await trial.open().act([folder("wide/open/own", "0700")]);
    } finally {
      process.umask(before);
    }
    const modes = await Promise.all(
      ["wide", "wide/open", "wide/open/own"].map(async (path) => (await stat(at(path))).mode & 0o777),
    );
    expect(modes).toEqual([0o755, 0o755, 0o700]);
  });

  test("are put in place of what a killed process has left half done, and not of what a living one is at", async () => {
    const dead = spawnSync("true").pid;
    await mkdir(at(`.quorate-${dead}-abcdef`));
    await writeFile(at(`.quorate-${dead}-123456`), "half");
    await writeFile(at(`.quorate-${process.ppid}-123456`), "half");
    await trial.open().act([trial.put("file", "whole")]);
    expect((await readdir(trial.folder)).sort()).toEqual([`.quorate-${process.ppid}-123456`, "file"]);
  });

  test.each([
    ["a file", (): HostAction => trial.put("taken", "1")],
    ["a link", (): HostAction => ({ do: "link", path: at("taken"), target: at("x") })],
  ])("never take the place of a folder: %s", async (_, action) => {
    await mkdir(at("taken"));
    await expect(trial.open().act([action()])).rejects.toMatchObject({ code: "E_HOST_IN_THE_WAY" });
    expect(await readdir(trial.folder)).toEqual(["taken"]);
  });

  test("go through no link that somebody put where a temporary name will be, and follow none at the target", async () => {
    await writeFile(at("elsewhere"), "theirs");
    execFileSync("ln", ["-s", at("elsewhere"), at("file")]);
    await trial.open().act([trial.put("file", "ours")]);
    expect([await readFile(at("elsewhere"), "utf8"), await readFile(at("file"), "utf8")]).toEqual(["theirs", "ours"]);
  });

  test("of a release without binaries are not sealed", async () => {
    await mkdir(at("empty"));
    const error = trial.open().act([{ do: "seal-release", path: at("empty") }]);
    await expect(error).rejects.toMatchObject({
      code: "E_HOST_COMMAND",
      message: expect.stringContaining("holds no binaries") as string,
    });
  });

  test("get a new line after one that a killed writer left unfinished", async () => {
    await writeFile(at("log"), "half");
    await trial.open().act([{ do: "append", path: at("log"), text: "whole\n" }]);
    expect(await readFile(at("log"), "utf8")).toBe("half\nwhole\n");
  });

  test("are changed no more when the lock's shell is gone", async () => {
    const [host, thief] = [trial.open(), trial.open()];
    await host.lock(holder("ann"));
    await thief.lock(holder("bob"), true);
    await expect(host.act([trial.put("late", "1")])).rejects.toMatchObject({ code: "E_LOCK_LOST" });
    expect(await readdir(dirname(at("late")))).not.toContain("late");
  });

  test("have a path that may go to a host", async () => {
    const action = { ...trial.put("x", "1"), path: `${trial.folder}/../x` } as HostAction;
    await expect(trial.open().act([action])).rejects.toMatchObject({ code: "E_HOST_VALUE" });
  });
});

test.each([
  ["ENOSPC: no space left on device, write", "E_NO_SPACE"],
  ["EDQUOT: disk quota exceeded, write", "E_NO_SPACE"],
  ["EROFS: read-only file system, open '/x'", "E_READ_ONLY"],
  ["EACCES: permission denied, open '/x'", "E_HOST_COMMAND"],
])("what Node says of a disk has the code of what a program says: %s", (stderr, code) => {
  const answer = { status: 1, stderr, stdout: Buffer.alloc(0) };
  expect(failureOf("a", { intent: "write /x" }, answer)).toMatchObject({
    code,
    message: expect.stringContaining("write /x") as string,
  });
});
