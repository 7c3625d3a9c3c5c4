import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { everyFlag, flagsOf } from "../../src/spec/flags/lines.js";
import { etcdFolder, presentVersions } from "../support/etcd-binaries.js";

/** The second flag exists nowhere, so that etcd always ends before it starts. */
function saysOf(etcd: string, flag: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(etcd, [`--${flag}=x`, "--no-such-flag=x"], { timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

test.each(presentVersions)("etcd %s has just the flags that quorate thinks it has", async (version) => {
  const etcd = join(etcdFolder(version), "etcd");
  const has: string[] = [];
  for (const flag of everyFlag) {
    const said = await saysOf(etcd, flag);
    expect(said).toMatch(/flag provided but not defined|invalid|parse error/);
    if (!said.includes(`flag provided but not defined: -${flag}\n`)) has.push(flag);
  }
  expect(has.sort()).toEqual([...flagsOf(version)].sort());
});

test.each(presentVersions)("quorate knows every flag that etcd %s lists in its help", async (version) => {
  const help = await new Promise<string>((resolve) =>
    execFile(join(etcdFolder(version), "etcd"), ["--help"], (_error, stdout, stderr) => resolve(stdout + stderr)),
  );
  const listed = [...help.matchAll(/^ +--([a-z0-9-]+) /gm)].map(([, name]) => name ?? "");
  expect(listed.length).toBeGreaterThan(70);
  expect(listed.filter((name) => !flagsOf(version).includes(name) && name !== "version" && name !== "help")).toEqual(
    [],
  );
});
