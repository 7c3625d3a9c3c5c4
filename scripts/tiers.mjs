/** Test tiers: how each is run, counted and recorded. A record is left in .cache/tests for whoever sums them up. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./ready.mjs";

const folder = join(project, ".cache", "tests");

/**
 * @typedef {{ tier: string, state: "passed" | "failed" | "lacking" | "left out", passed: number, failed: number, seconds: number, why: string }} Outcome
 */

/** Remember an outcome on disk. @param {Outcome} outcome */
function record(outcome) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${outcome.tier}.json`), JSON.stringify(outcome));
  return outcome;
}

/** A tier that did not run. "lacking": this machine cannot; "left out": it was not asked to. */
export const notRun = (tier, state, why) => record({ tier, state, passed: 0, failed: 0, seconds: 0, why });

/** A tier of commands that each must succeed: one claim per command. */
export function runCommands(tier, commands) {
  const begin = Date.now();
  const failed = commands.filter((argv) => {
    console.log(`\n── ${tier}: ${argv.join(" ")}`);
    const ended = spawnSync(argv[0], argv.slice(1), { cwd: project, stdio: "inherit" });
    return ended.status !== 0;
  });
  const why = failed.map((argv) => `${argv.join(" ")} failed`).join("; ");
  return record(outcomeOf(tier, commands.length - failed.length, failed.length, begin, why));
}

/** A tier of vitest, one of the projects of vitest.config.ts. */
export function runVitest(tier, env = {}) {
  console.log(`\n── ${tier}`);
  mkdirSync(folder, { recursive: true });
  const report = join(folder, `${tier}.vitest.json`);
  rmSync(report, { force: true });
  const begin = Date.now();
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  const args = [
    vitest,
    "run",
    "--project",
    tier,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const ended = spawnSync(process.execPath, args, { cwd: project, stdio: "inherit", env: { ...process.env, ...env } });
  if (!existsSync(report)) return record(outcomeOf(tier, 0, 1, begin, "vitest ended without a report"));
  const told = JSON.parse(readFileSync(report, "utf8"));
  const skipped = told.numPendingTests + told.numTodoTests;
  // A file that cannot even be loaded has no failed test, and an unhandled error none either; both are failures.
  const files = told.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((claim) => claim.status !== "failed"),
  ).length;
  const failed = Math.max(told.numFailedTests + files + skipped, ended.status === 0 ? 0 : 1);
  const why = [skipped > 0 ? `${skipped} skipped` : "", files > 0 ? `${files} files did not load` : ""]
    .filter(Boolean)
    .join(", ");
  return record(outcomeOf(tier, told.numPassedTests, failed, begin, why));
}

function outcomeOf(tier, passed, failed, begin, why) {
  return {
    tier,
    state: failed === 0 ? "passed" : "failed",
    passed,
    failed,
    seconds: Math.round((Date.now() - begin) / 1000),
    why,
  };
}

/** One line per tier. @param {Outcome[]} outcomes @returns the exit code */
export function summarize(outcomes) {
  console.log("\ntier    result");
  for (const outcome of outcomes) {
    const ran = outcome.state === "passed" || outcome.state === "failed";
    const result = ran ? `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.seconds} s` : `did not run`;
    console.log(`${outcome.tier.padEnd(7)} ${result}${outcome.why === "" ? "" : `: ${outcome.why}`}`);
  }
  return outcomes.some((outcome) => outcome.state === "failed") ? 1 : 0;
}

/** Every recorded outcome since the records were cleared. */
export function recorded(tiers) {
  return tiers.map((tier) => {
    const file = join(folder, `${tier}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    return { tier, state: "left out", passed: 0, failed: 0, seconds: 0, why: "nothing ran it" };
  });
}

export const clearRecords = () => rmSync(folder, { recursive: true, force: true });
