/**
 * `npm run bench`: how long quorate takes, as a multiple of the best that can be done without it, measured in one run.
 * Machines differ and minutes differ; what is printed is a ratio of medians, taken in turns.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { project } from "../test/lab/folders.js";
import { cases } from "./cases.js";
import { judge, type Judged } from "./measure.js";
import { table } from "./report.js";

function refuse(what: string): never {
  console.error(`${what}\nnpm run bench -- [--list] [--only NAME] [--runs N]`);
  process.exit(2);
}

function asked(): { only?: string | undefined; runs?: string | undefined; list: boolean } {
  try {
    return parseArgs({
      options: { only: { type: "string" }, runs: { type: "string" }, list: { type: "boolean", default: false } },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const values = asked();
const runs = values.runs === undefined ? undefined : Number(values.runs);
if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) refuse("--runs wants a whole number above zero");
const chosen = cases.filter((entry) => values.only === undefined || entry.name.includes(values.only));
if (chosen.length === 0)
  refuse(`no bench is called ${values.only}; there are ${cases.map((entry) => entry.name).join(", ")}`);

if (values.list) for (const entry of cases) console.log(`${entry.name.padEnd(12)} ${entry.title}`);
else {
  const figures: Judged[] = [];
  const left: string[] = [];
  const broken: string[] = [];
  for (const entry of chosen) {
    if (entry.needsLab && process.env["QUORATE_BENCH_LAB_LACKS"]) {
      left.push(`${entry.name} was not run: ${process.env["QUORATE_BENCH_LAB_LACKS"]}`);
      continue;
    }
    console.error(`${entry.name}: ${entry.title}`);
    try {
      for (const figure of await entry.measure(runs ?? entry.runs)) figures.push(judge(figure));
    } catch (error) {
      console.error(error);
      broken.push(`${entry.name} ended with an error: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const folder = join(project, ".cache", "bench-results");
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const machine = { cores: cpus().length, model: cpus()[0]?.model, load: loadavg(), node: process.version };
  writeFileSync(
    join(folder, `${at.replace(/[:.]/g, "-")}.json`),
    JSON.stringify({ at, machine, figures, left, broken }, undefined, 2),
  );
  console.log(`\n${table(figures)}`);
  for (const line of [...left, ...broken]) console.log(line);
  process.exitCode = broken.length === 0 && figures.every((figure) => figure.passed) ? 0 : 1;
}
