/** Test tiers: how each is run, counted and recorded. A record is left in .cache/tests for whoever sums them up. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { countTests } from "./count-tests.mjs";
import { project } from "./ready.mjs";

const folder = join(project, ".cache", "tests");
/** Seconds until a tier is killed, and red. The quick tests and the end-to-end tests run side by side. */
export const limits = { unit: 2_600, e2e: 2_400, lab: 2_200 };
/** Failures of a tier that are named at the end; the log above has all of them. */
const mostNamed = 25;

/**
 * @typedef {{ tier: string, state: "passed" | "failed" | "lacking" | "left out", passed: number, failed: number,
 *   seconds: number, why: string, names: string[] }} Outcome
 */

/** Remember an outcome on disk. @param {Outcome} outcome */
function record(outcome) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${outcome.tier}.json`), JSON.stringify(outcome));
  return outcome;
}

/** A tier that did not run. "lacking": this machine cannot; "left out": it was not asked to. */
export const notRun = (tier, state, why) => record({ tier, state, passed: 0, failed: 0, seconds: 0, why, names: [] });

const running = new Set();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    for (const child of running) endGroup(child);
    process.exit(130);
  });

function endGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // it ended by itself meanwhile
  }
}

/**
 * Run a command to its end, or to its time limit.
 * @param limit seconds
 * @param aside a file to write to in place of this terminal, for what runs beside something else
 * @returns {Promise<"ok" | "failed" | "killed">}
 */
export function runToEnd(argv, { env = {}, limit = 900, aside } = {}) {
  const out = aside === undefined ? "inherit" : openSync(aside, "a");
  // In a group of its own, so that nothing that it started outlives the limit.
  const child = spawn(argv[0], argv.slice(1), {
    cwd: project,
    stdio: ["ignore", out, out],
    env: { ...process.env, ...env },
    detached: true,
  });
  running.add(child);
  return new Promise((resolve) => {
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      endGroup(child);
    }, limit * 1_000);
    const done = (how) => {
      clearTimeout(timer);
      running.delete(child);
      if (aside !== undefined) closeSync(out);
      resolve(how);
    };
    child.once("error", () => done("failed"));
    child.once("exit", (code) => done(killed ? "killed" : code === 0 ? "ok" : "failed"));
  });
}

/** A tier of commands that each must succeed: one claim per command. */
export async function runCommands(tier, commands) {
  const begin = Date.now();
  const names = [];
  for (const argv of commands) {
    console.log(`\n── ${tier}: ${argv.join(" ")}`);
    const how = await runToEnd(argv);
    if (how !== "ok") names.push(`${argv.join(" ")} ${how === "killed" ? "took too long" : "failed"}`);
  }
  return record(outcomeOf(tier, commands.length - names.length, names, begin));
}

/**
 * A tier of vitest, one of the projects of vitest.config.ts.
 * @param limit seconds until it is killed, and red
 * @param beside true when it runs beside another tier: what it says is then told in one piece, at its end
 */
export async function runVitest(tier, { limit = 900, beside = false, args = [] } = {}) {
  console.log(`\n── ${tier}${beside ? ", in the background" : ""}`);
  mkdirSync(folder, { recursive: true });
  const [told, log] = [join(folder, `${tier}.jsonl`), join(folder, `${tier}.log`)];
  rmSync(told, { force: true });
  rmSync(log, { force: true });
  const begin = Date.now();
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", `--reporter=${join(project, "scripts", "tier-reporter.mjs")}`];
  const how = await runToEnd([process.execPath, vitest, "run", "--project", tier, ...reporters, ...args], {
    env: { QUORATE_TIER_RECORD: told },
    limit,
    aside: beside ? log : undefined,
  });
  if (beside) console.log(`\n── ${tier}\n${readFileSync(log, "utf8")}`);
  const lines = existsSync(told)
    ? readFileSync(told, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const { passed, names } = countTests(lines, how, limit);
  return record(outcomeOf(tier, passed, names, begin));
}

function outcomeOf(tier, passed, names, begin) {
  return {
    tier,
    state: names.length === 0 ? "passed" : "failed",
    passed,
    failed: names.length,
    seconds: Math.round((Date.now() - begin) / 1000),
    why: "",
    names,
  };
}

/** One line per tier, then what failed, by name. @param {Outcome[]} outcomes @returns the exit code */
export function summarize(outcomes) {
  console.log("\ntier    result");
  for (const outcome of outcomes) {
    const ran = outcome.state === "passed" || outcome.state === "failed";
    const result = ran ? `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.seconds} s` : `did not run`;
    console.log(`${outcome.tier.padEnd(7)} ${result}${outcome.why === "" ? "" : `: ${outcome.why}`}`);
  }
  for (const { tier, names } of outcomes) {
    for (const name of names.slice(0, mostNamed)) console.log(`FAILED ${tier}: ${name}`);
    if (names.length > mostNamed) console.log(`FAILED ${tier}: and ${names.length - mostNamed} more`);
  }
  return outcomes.some((outcome) => outcome.state === "failed") ? 1 : 0;
}

/** Every recorded outcome since the records were cleared. */
export function recorded(tiers) {
  return tiers.map((tier) => {
    const file = join(folder, `${tier}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    return { tier, state: "left out", passed: 0, failed: 0, seconds: 0, why: "nothing ran it", names: [] };
  });
}

export const clearRecords = () => rmSync(folder, { recursive: true, force: true });
