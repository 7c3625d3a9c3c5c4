/** The kill matrix: quorate is killed at every step boundary of every change, run again, and the end is the same. */
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/observe/facts.js";
import { quorum } from "../../src/observe/quorum.js";
import { attempt, factsNow, type Attempt } from "../../src/testing/attempt.js";
import { FakeWorld, type FakeSession } from "../../src/testing/fake-world.js";
import { Killed } from "../../src/testing/killed.js";
import { changes, type Change } from "./changes.js";
import { withoutLeader } from "./reference.js";

function die(session: FakeSession): never {
  session.kill();
  throw new Killed();
}

async function begun({ from, to, happen }: Change): Promise<FakeWorld> {
  const world = new FakeWorld(from);
  await attempt(world);
  world.add(to);
  happen?.(world);
  return world;
}

/** Run again until nothing is left to do; a few runs must be enough. */
async function goOn(world: FakeWorld, { to: spec, options }: Change, label: string): Promise<Facts> {
  let last: Attempt | undefined;
  for (let run = 0; run < 4; run += 1) {
    last = await attempt(world, { spec, ...options });
    expect([last.error?.message, last.report?.failure], label).toEqual([undefined, undefined]);
    if (last.report === undefined && last.plan?.stages.length === 0) break;
  }
  expect([last?.plan?.stages, last?.plan?.problems.filter(({ severity }) => severity !== "warn")], label).toEqual([
    [],
    [],
  ]);
  expect(world.etcd.amnesia, label).toEqual([]);
  expect(world.machines.filter(({ lock }) => lock !== undefined)).toEqual([]);
  letTimePass(world);
  return withoutLeader(await factsNow(world, { spec }));
}

/** One that is struck off ends a little later. */
function letTimePass(world: FakeWorld): void {
  for (let turn = 0; turn < 2; turn += 1) {
    world.etcd.settle();
    world.clock.advance(10_000);
  }
}

describe("quorate killed at any step boundary of a change, then run again, ends in the same facts", () => {
  it.each(changes)("$label", { timeout: 900_000 }, async (change) => {
    const calm = await begun(change);
    const { boundaries, report } = await attempt(calm, { spec: change.to, ...change.options });
    expect([report?.outcome, report?.failure], change.label).toEqual(["done", undefined]);
    letTimePass(calm);
    const wanted = withoutLeader(await factsNow(calm, { spec: change.to }));
    for (let at = 1; at <= boundaries; at += 1) {
      const world = await begun(change);
      const first = await attempt(world, {
        spec: change.to,
        ...change.options,
        atBoundary: (n, session) => (n === at ? die(session) : undefined),
      });
      expect(first.killed).toBe(true);
      const label = `killed at boundary ${at} of ${boundaries}`;
      // Nobody types so fast that a member which has just been started does not serve yet.
      world.etcd.settle();
      world.clock.advance(10_000);
      if (change.options?.downtime !== true)
        expect(quorum(await factsNow(world, { spec: change.to })).spare, label).toBeGreaterThanOrEqual(0);
      expect(await goOn(world, change, label), label).toEqual(wanted);
    }
    console.log(`${change.label}: killed at each of ${boundaries} boundaries`);
  });
});
