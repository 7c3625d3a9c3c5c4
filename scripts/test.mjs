/**
 * `npm test`: every tier that this machine can run; it says which ran, and what the others lack. `--no-lab` leaves
 * the lab out.
 */
import { join } from "node:path";
import { labLacks } from "./lab-needs.mjs";
import { project, ready } from "./ready.mjs";
import { testEtcdLacks } from "./test-etcd.mjs";
import { notRun, runCommands, runVitest, summarize } from "./tiers.mjs";

ready();
const bin = (name) => join(project, "node_modules", ".bin", name);
const tsc = [process.execPath, join(project, "node_modules", "typescript-7", "bin", "tsc")];
const noEtcd = testEtcdLacks();

const outcomes = [
  runCommands("check", [[...tsc, "--noEmit", "-p", "tsconfig.json"]]),
  runCommands("lint", [
    [bin("oxlint"), "--type-aware"],
    [bin("depcruise"), "--config", ".dependency-cruiser.cjs", "src"],
  ]),
  runVitest("unit"),
  noEtcd === undefined ? runVitest("e2e") : notRun("e2e", "lacking", noEtcd),
];
if (process.argv.includes("--no-lab"))
  outcomes.push(notRun("lab", "left out", "--no-lab; run it with `npm run test:lab`"));
else {
  const lacks = noEtcd ?? labLacks();
  outcomes.push(lacks === undefined ? runVitest("lab") : notRun("lab", "lacking", lacks));
}
process.exitCode = summarize(outcomes);
