/** Have the real etcd versions that the tests are written for, and the real cfssl. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { project } from "./ready.mjs";
import { runToEnd } from "./tiers.mjs";

/** Seconds. Three versions of etcd are compiled where nobody has them ready, on two cores in some minutes. */
const limit = 900;

/** @returns undefined when the binaries are there, else what to do. */
export async function testEtcdLacks() {
  const script = join(project, "scripts", "fetch-test-etcd.mjs");
  if (process.env.QUORATE_TEST_ETCD !== undefined && process.env.QUORATE_TEST_CFSSL !== undefined) return undefined;
  if (!existsSync(script)) return "no etcd binaries: name a folder of VERSION/etcd folders in QUORATE_TEST_ETCD";
  const how = await runToEnd([process.execPath, script, "--cfssl"], { limit });
  return how === "ok" ? undefined : "scripts/fetch-test-etcd.mjs could not get the etcd binaries, see its output above";
}
