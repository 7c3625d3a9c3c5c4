/** What planning costs for a cluster of seven. */
import { converge } from "../../src/plan/converge.js";
import type { Plan } from "../../src/plan/plan.js";
import { changes } from "./changes.js";
import { worldsOf, type World } from "./worlds.js";

/** Seven members that are well and led, and another file for all of them. Made anew, so that nothing is remembered. */
export function worldOfSeven(name: string): World {
  const change = changes.find((one) => one.name === name);
  if (change === undefined) throw new Error(`no change is called ${name}`);
  let index = 0;
  for (const world of worldsOf(change, 7)) {
    index += 1;
    if (index === 2) return world();
  }
  throw new Error(`seven members cannot change like that: ${name}`);
}

export const costly = ["upgrade by two hops", "move house"] as const;

export const planSeven = ({ wish, facts }: World): Plan => converge(wish, facts, []);

/** @param cpu milliseconds of CPU used so far */
export function saySeven(cpu: () => number): string {
  return costly
    .map((name) => {
      const taken = Array.from({ length: 9 }, () => {
        const world = worldOfSeven(name);
        const begin = cpu();
        const plan = planSeven(world);
        return { milliseconds: cpu() - begin, stages: plan.stages.length };
      });
      const sorted = taken.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
      return `7 members, ${name}: ${taken[0]?.stages} stages; ${taken[0]?.milliseconds.toFixed(1)} ms of CPU the first time, ${sorted[4]?.toFixed(1)} ms in the middle of nine, each from nothing`;
    })
    .join("\n");
}
