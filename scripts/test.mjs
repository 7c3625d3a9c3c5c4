/**
 * `npm test`: every tier that this machine can run; it says which ran, and what the others lack. `--no-lab` leaves
 * the lab out. What only computes runs beside what mostly waits for real etcd.
 */
import { join } from "node:path";
import { labLacks } from "./lab-needs.mjs";
import { project, ready } from "./ready.mjs";
import { testEtcdLacks } from "./test-etcd.mjs";
import { limits, notRun, runCommands, runVitest, summarize } from "./tiers.mjs";

const withLab = !process.argv.includes("--no-lab");
const bin = (name) => join(project, "node_modules", ".bin", name);
/** Seconds for all of it, a little less than CI has: a tier that comes late is cut short, named and red, not unheard. */
const whole = 5_100;
const limitOf = (tier) => Math.max(1, Math.min(limits[tier], Math.round(whole - process.uptime())));
const tsc = [process.execPath, join(project, "node_modules", "typescript-7", "bin", "tsc")];

ready();
const etcd = testEtcdLacks();
const check = await runCommands("check", [[...tsc, "--noEmit", "-p", "tsconfig.json"]]);
const lint = await runCommands("lint", [
  [bin("oxlint"), "--type-aware"],
  [bin("depcruise"), "--config", ".dependency-cruiser.cjs", "src"],
]);
const unit = runVitest("unit", { limit: limitOf("unit"), beside: true });
const noEtcd = await etcd;
const outcomes = [check, lint];
const e2e = noEtcd === undefined ? await runVitest("e2e", { limit: limitOf("e2e") }) : notRun("e2e", "lacking", noEtcd);
outcomes.push(await unit, e2e);
if (withLab) {
  const lacks = noEtcd ?? labLacks();
  outcomes.push(lacks === undefined ? await runVitest("lab", { limit: limitOf("lab") }) : notRun("lab", "lacking", lacks));
} else outcomes.push(notRun("lab", "left out", "--no-lab; run it with `npm run test:lab`"));
process.exitCode = summarize(outcomes);
