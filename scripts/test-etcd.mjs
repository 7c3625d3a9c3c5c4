/** Have the real etcd versions that the tests are written for, and the real cfssl. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { project } from "./ready.mjs";

/** @returns undefined when the binaries are there, else what to do. */
export function testEtcdLacks() {
  const script = join(project, "scripts", "fetch-test-etcd.mjs");
  if (process.env.QUORATE_TEST_ETCD !== undefined && process.env.QUORATE_TEST_CFSSL !== undefined) return undefined;
  if (!existsSync(script)) return "no etcd binaries: name a folder of VERSION/etcd folders in QUORATE_TEST_ETCD";
  const ended = spawnSync(process.execPath, [script, "--cfssl"], { cwd: project, stdio: "inherit" });
  return ended.status === 0
    ? undefined
    : "scripts/fetch-test-etcd.mjs could not get the etcd binaries, see its output above";
}
