/** The whole proof, on as many processes as are asked for. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changes } from "./changes.js";
import { cpu, newTally, prove, type Tally } from "./proof.js";
import { openRecord, type Part } from "./record.js";
import { rememberingPlanner } from "./remember.js";
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
    least: { type: "string", default: "1" },
    every: { type: "string", default: "1" },
    seed: { type: "string", default: "0" },
    orders: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    record: { type: "string" },
    part: { type: "string" },
  },
});

const chosen = changes.filter(({ name }) => values.change === undefined || name === values.change);
const [least, most] = [Number(values.least), Number(values.members)];
const sizes = Array.from({ length: most - least + 1 }, (_, index) => least + index);
const [jobs, every, seed] = [Number(values.jobs), Number(values.every), Number(values.seed)];

if (values.list === true) for (const { name } of chosen) console.log(name);
else if (values.count === true) sayCounts();
else if (values.part !== undefined) workOn(JSON.parse(values.part) as Part);
else await askAll();

function sayCounts(): void {
  let total = 0;
  for (const change of chosen) {
    const counts = sizes.map((size) => countOf(worldsOf(change, size, values.orders)));
    total += counts.reduce((sum, count) => sum + count, 0);
    console.log(`${change.name}: ${counts.map((count, index) => `${count} of ${sizes[index]}`).join(", ")}`);
  }
  console.log(`${total} worlds`);
}

function countOf(worlds: Iterable<unknown>): number {
  let count = 0;
  for (const _world of worlds) count += 1;
  return count;
}

/** A process of its own for each part, so that nothing is remembered of the others. */
function workOn({ change: name, size, orders }: Part): void {
  const tally = newTally();
  const planner = rememberingPlanner();
  for (const change of chosen)
    if (change.name === name) for (const world of some(change, size, every, seed, orders)) prove(world, tally, planner);
  tally.cpu = cpu();
  process.send?.(tally);
}

async function askAll(): Promise<void> {
  const begin = performance.now();
  const record = openRecord(values.record);
  const parts = sizes.flatMap((size) =>
    chosen.map(({ name: change }): Part => ({ change, size, every, seed, orders: values.orders })),
  );
  const open = parts.filter((part) => record.tallyOf(part) === undefined);
  if (open.length < parts.length)
    console.log(`${parts.length - open.length} of ${parts.length} parts are done already`);
  const work = async (): Promise<void> => {
    for (let part = open.shift(); part !== undefined; part = open.shift()) {
      const tally = await provePart(part);
      record.keep(part, tally);
      console.log(sayTally(`${part.size} members, ${part.change}`, tally).split("\n")[0]);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  for (const size of sizes) {
    const tallies = parts.filter((part) => part.size === size).map((part) => record.tallyOf(part) ?? newTally());
    console.log(sayTally(`\nclusters of ${size}`, tallies.reduce(addTally, newTally())));
  }
  const total = parts.map((part) => record.tallyOf(part) ?? newTally()).reduce(addTally, newTally());
  console.log(sayTally("\nin sum", total));
  console.log(`  ${((performance.now() - begin) / 1_000).toFixed(0)} s in ${jobs} processes`);
  console.log(saySeven(cpu));
  process.exitCode = Object.keys(total.violations).length > 0 ? 1 : 0;
}

function provePart(part: Part): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), "--part", JSON.stringify(part)]);
    child.on("message", (tally: Tally) => resolve(tally));
    child.on("exit", (code) => reject(new Error(`${part.size} members, ${part.change}: ended with ${code}`)));
  });
}
