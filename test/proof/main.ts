/** The whole proof, on as many processes as are asked for. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changes } from "./changes.js";
import { cpu, newTally, prove, type Tally } from "./proof.js";
import { some } from "./sample.js";
import { addTally, sayTally } from "./say.js";
import { saySeven } from "./seven.js";
import { worldsOf } from "./worlds.js";

const { values } = parseArgs({
  options: {
    list: { type: "boolean" },
    count: { type: "boolean" },
    change: { type: "string" },
    members: { type: "string", default: "5" },
    every: { type: "string", default: "1" },
    seed: { type: "string", default: "0" },
    jobs: { type: "string", default: "2" },
    part: { type: "string" },
  },
});

const chosen = changes.filter(({ name }) => values.change === undefined || name === values.change);
const sizes = Array.from({ length: Number(values.members) }, (_, index) => index + 1);
const [jobs, every, seed] = [Number(values.jobs), Number(values.every), Number(values.seed)];

if (values.list === true) for (const { name } of chosen) console.log(name);
else if (values.count === true) sayCounts();
else if (values.part !== undefined) workOn(Number(values.part));
else await askAll();

function sayCounts(): void {
  let total = 0;
  for (const change of chosen) {
    const counts = sizes.map((size) => countOf(worldsOf(change, size)));
    total += counts.reduce((sum, count) => sum + count, 0);
    console.log(`${change.name}: ${counts.map((count, index) => `${count} of ${index + 1}`).join(", ")}`);
  }
  console.log(`${total} worlds`);
}

function countOf(worlds: Iterable<unknown>): number {
  let count = 0;
  for (const _world of worlds) count += 1;
  return count;
}

/** Each process takes every n-th of the worlds that are asked for. */
function workOn(part: number): void {
  for (const change of chosen)
    for (const size of sizes) {
      const tally = newTally();
      for (const world of some(change, size, every * jobs, seed + part * every)) prove(world, tally);
      process.send?.({ change: change.name, size, tally });
    }
}

async function askAll(): Promise<void> {
  const begin = performance.now();
  const sums = new Map<string, Tally>();
  const parts = Array.from({ length: jobs }, (_, part) => part);
  const ended = parts.map(
    (part) =>
      new Promise<number>((resolve) => {
        const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), "--part", String(part)]);
        child.on("message", ({ change, size, tally }: { change: string; size: number; tally: Tally }) => {
          const key = `${size} members, ${change}`;
          sums.set(key, addTally(sums.get(key) ?? newTally(), tally));
        });
        child.on("exit", (code) => resolve(code ?? 1));
      }),
  );
  const codes = await Promise.all(ended);
  let total = newTally();
  for (const [key, tally] of sums) {
    console.log(sayTally(key, tally).split("\n")[0]);
    total = addTally(total, tally);
  }
  console.log(sayTally("\nin sum", total));
  console.log(`  ${((performance.now() - begin) / 1_000).toFixed(0)} s in ${jobs} processes`);
  console.log(saySeven(cpu));
  process.exitCode = codes.some((code) => code !== 0) || Object.keys(total.violations).length > 0 ? 1 : 0;
}
