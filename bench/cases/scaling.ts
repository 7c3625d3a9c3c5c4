/** What looking and planning cost as clusters grow and as there are more of them, on machines that live in memory. */
import { plan, survey } from "../../src/index.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import type { Case } from "../cases.js";
import { median, takeTurns, timed, type Figure } from "../measure.js";

const worldOf = (members: number, name = "tutorial"): FakeWorld => new FakeWorld(sampleSpec({ members, name }));

async function look(world: FakeWorld): Promise<void> {
  const session = world.session();
  await survey(world.spec, session);
  await session.close();
}

/** Milliseconds for one member's share of something done to a cluster of `members`. */
async function share(members: number, act: (world: FakeWorld) => unknown, rounds: number): Promise<number> {
  const world = worldOf(members);
  const whole = await timed(async () => {
    for (let round = 0; round < rounds; round += 1) await act(world);
  });
  return whole / rounds / members;
}

/** Clusters that every sample looks at, however many of them at once, and how often each is looked at. */
const fleet = 100;
const looks = 2;

/**
 * Milliseconds for one cluster's share of looking at and planning `together` clusters at once. The first plan of a
 * cluster costs about twice what the next ones do, since its files and their digests are made then. So every sample has
 * the same number of first and of later looks: looking at ten clusters ten times is no measure for a hundred once.
 */
async function shareOfMany(together: number): Promise<number> {
  let whole = 0;
  for (let from = 0; from < fleet; from += together) {
    const worlds = Array.from({ length: together }, (_, index) => worldOf(3, `cluster-${from + index}`));
    const all = (): Promise<unknown> =>
      Promise.all(
        worlds.map(async (world) => {
          const session = world.session();
          plan(world.spec, await survey(world.spec, session));
          await session.close();
        }),
      );
    whole += await timed(async () => {
      for (let round = 0; round < looks; round += 1) await all();
    });
  }
  return whole / fleet / looks;
}

/** KiB of heap that a survey and its plan keep, per cluster of three. */
async function memoryOf(clusters: number): Promise<number> {
  const kept: unknown[] = [];
  const worlds = Array.from({ length: clusters }, (_, index) => worldOf(3, `cluster-${index}`));
  const before = settledHeap();
  for (const world of worlds) {
    const session = world.session();
    const looked = await survey(world.spec, session);
    kept.push(looked, plan(world.spec, looked));
  }
  const used = settledHeap() - before;
  if (kept.length !== 2 * clusters) throw new Error("something was not kept");
  return Math.round(used / 1024 / clusters);
}

function settledHeap(): number {
  if (globalThis.gc === undefined) throw new Error("run the benches with node --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

export const scaling: Case = {
  name: "scaling",
  title: "looking and planning as clusters grow and multiply",
  needsLab: false,
  runs: 15,
  async measure(runs) {
    const looked = new Map(
      await Promise.all([1, 3, 7].map(async (members) => [members, await seen(members)] as const)),
    );
    const planning = (members: number): Promise<number> => {
      const known = looked.get(members);
      if (known === undefined) throw new Error(`nobody looked at ${members} members`);
      return share(members, (world) => plan(world.spec, known), 40);
    };
    const observing = (members: number): Promise<number> => share(members, look, 200);
    for (let warmUp = 0; warmUp < 10; warmUp += 1)
      for (const members of [1, 3, 7]) await Promise.all([planning(members), observing(members)]);
    const compare = async (
      name: string,
      what: string,
      large: () => Promise<number>,
      small: () => Promise<number>,
    ): Promise<Figure> => ({
      ...{ name, kind: "ratio", limit: 1.2, what },
      ...(await takeTurns(runs, large, small)),
    });
    return [
      await compare(
        "plan-1-3",
        "a member's share of planning a cluster of 3 ÷ planning a cluster of 1",
        () => planning(3),
        () => planning(1),
      ),
      await compare(
        "plan-3-7",
        "a member's share of planning a cluster of 7 ÷ of 3",
        () => planning(7),
        () => planning(3),
      ),
      await compare(
        "look-1-3",
        "a member's share of looking at a cluster of 3 ÷ looking at a cluster of 1",
        () => observing(3),
        () => observing(1),
      ),
      await compare(
        "look-3-7",
        "a member's share of looking at a cluster of 7 ÷ of 3",
        () => observing(7),
        () => observing(3),
      ),
      await compare(
        "fleet-1-10",
        "a cluster's share of looking at and planning 10 clusters ÷ 1",
        () => shareOfMany(10),
        () => shareOfMany(1),
      ),
      await compare(
        "fleet-10-100",
        `a cluster's share of looking at and planning 100 clusters ÷ 10; a survey and its plan hold ${median([await memoryOf(100), await memoryOf(100), await memoryOf(100)])} KiB per cluster`,
        () => shareOfMany(100),
        () => shareOfMany(10),
      ),
    ];
  },
};

async function seen(members: number): Promise<Awaited<ReturnType<typeof survey>>> {
  const world = worldOf(members);
  const session = world.session();
  return await survey(world.spec, session);
}
