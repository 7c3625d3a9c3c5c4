/**
 * The world goes wrong at every step boundary of every change: etcd is killed, a host loses its power, the way to a host is
 * cut. The run ends with what failed, nobody else has been taken down, and when it is over the next run ends where an
 * undisturbed one does.
 */
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/observe/facts.js";
import { isLive, isVoter, quorum } from "../../src/observe/quorum.js";
import type { Goal } from "../../src/plan/plan.js";
import { attempt, factsNow, type Attempt, type AttemptOptions } from "../../src/testing/attempt.js";
import type { FakeMachine } from "../../src/testing/fake-machine.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { changes, type Change } from "./changes.js";
import { cutOff, losesPower, type HostFault } from "./host-faults.js";
import { withoutLeader } from "./reference.js";

interface Disturbed extends Change {
  readonly goal?: Goal;
  /** Before the cluster is formed. */
  readonly begin?: (world: FakeWorld) => void;
}

const of = (version: string): ReturnType<typeof sampleSpec> => sampleSpec({ version, tls: false });
const hollow = ({ machines }: FakeWorld): void => {
  for (const machine of machines) [machine.dbSize, machine.dbSizeInUse] = [400 * 2 ** 20, 20 * 2 ** 20];
};

const all: readonly Disturbed[] = [
  ...changes,
  { label: "upgrade-to-3.6", from: of("3.5.35"), to: of("3.6.16") },
  { label: "downgrade-to-3.5", from: of("3.6.16"), to: of("3.5.35") },
  { label: "defragment", from: of("3.5.35"), happen: hollow, to: of("3.5.35"), goal: "defragmented" },
  {
    label: "renew-certificates",
    from: sampleSpec(),
    begin: ({ operator }) => (operator.authority.shortLived = true),
    happen: ({ operator }) => (operator.authority.shortLived = false),
    to: sampleSpec(),
    goal: "renewed",
  },
  {
    label: "another-ca",
    from: sampleSpec(),
    happen: ({ operator }) => operator.authority.changeCa(),
    to: sampleSpec(),
  },
];

const faults: readonly HostFault[] = [
  {
    label: "etcd is killed",
    strike: ({ supervisor }) => supervisor.crash("signal: killed"),
    lift: () => undefined,
  },
  losesPower("the host loses its power"),
  cutOff("the way to the host is cut"),
];

/** One of them at each boundary, in turn; all at each when that is asked for, which takes three times as long. */
const everyFault = process.env["QUORATE_EVERY_FAULT"] === "yes";

const optionsOf = ({ to, goal, options }: Disturbed): AttemptOptions => ({
  spec: to,
  ...options,
  ...(goal !== undefined && { goal }),
});

async function begun({ from, to, begin, happen }: Disturbed): Promise<FakeWorld> {
  const world = new FakeWorld(from);
  begin?.(world);
  await attempt(world);
  world.add(to);
  happen?.(world);
  return world;
}

/** Time for processes that were started to meet. */
function calmDown(world: FakeWorld): void {
  for (let second = 0; second < 10; second += 1) {
    world.etcd.settle();
    world.clock.advance(1_000);
  }
}

/** Runs until nothing is left to do; a few must be enough. */
async function goOn(world: FakeWorld, change: Disturbed, label: string): Promise<Facts> {
  let last: Attempt | undefined;
  for (let run = 0; run < 5; run += 1) {
    last = await attempt(world, optionsOf(change));
    expect([last.error?.message, last.report?.failure], label).toEqual([undefined, undefined]);
    if (last.report === undefined && last.plan?.stages.length === 0) break;
    calmDown(world);
  }
  const open = last?.plan?.problems.filter(({ severity }) => severity !== "warn");
  expect([last?.plan?.stages, open], label).toEqual([[], []]);
  expect(world.etcd.amnesia, label).toEqual([]);
  expect(world.machines.filter(({ lock }) => lock !== undefined)).toEqual([]);
  // A run that waited for a host may outlast the hour for which a snapshot counts.
  return { ...withoutLeader(await factsNow(world, { spec: change.to })), saved: [] };
}

/** Voters that do not run, whoever is to blame. While nobody can say who is one, those that have data are. */
const down = ({ members }: Facts): string[] =>
  Object.entries(members).flatMap(([name, member]) => {
    const counts = isVoter(member) && (member.listed !== "unknown" || member.data === "ours");
    return counts && !isLive(member) ? [name] : [];
  });

describe("a fault at any step boundary of a change", () => {
  it.each(all)("$label: is survived, and the change is ended afterwards", { timeout: 1_800_000 }, async (change) => {
    const calm = await begun(change);
    const before = down(await factsNow(calm, { spec: change.to }));
    const { boundaries, report } = await attempt(calm, optionsOf(change));
    expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
    calmDown(calm);
    const wanted = await goOn(calm, change, "undisturbed");
    const outcomes: Record<string, number> = {};
    for (const [index, fault] of faults.entries()) {
      for (let at = 1; at <= boundaries; at += 1) {
        if (!everyFault && at % faults.length !== index) continue;
        const world = await begun(change);
        // Another one at each boundary; one that is away already cannot get worse.
        const candidates = world.machines.filter(({ answers }) => answers);
        const victim = candidates[at % candidates.length] ?? expect.fail("everybody is away");
        const label = `${fault.label}: ${victim.name}, at boundary ${at} of ${boundaries}`;
        const first = await attempt(world, {
          ...optionsOf(change),
          atBoundary: (n) => (n === at ? fault.strike(victim) : undefined),
        });
        expect(first.report, `${label}: ${first.error?.message}`).toBeDefined();
        const outcome = [first.report?.outcome, first.report?.failure?.code].filter(Boolean).join(" ");
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        if (first.report?.outcome === "failed") expect(first.report.failure?.message, label).not.toBe("");
        calmDown(world);
        if (change.options?.downtime !== true) {
          const now = await factsNow(world, { spec: change.to });
          const others = down(now).filter((name) => !isOf(victim, name, now) && !before.includes(name));
          expect(others, `${label}: nobody else is down`).toEqual([]);
        }
        fault.lift(victim);
        calmDown(world);
        const spare = quorum(await factsNow(world, { spec: change.to })).spare;
        expect(spare, `${label}: a quorum, now that it is over`).toBeGreaterThanOrEqual(0);
        expect(await goOn(world, change, label), label).toEqual(wanted);
      }
    }
    console.log(
      `${change.label}: ${everyFault ? faults.length : 1} of ${faults.length} faults at each of ${boundaries} boundaries: ${JSON.stringify(outcomes)}`,
    );
  });
});

/** A machine keeps the name of its first member; one that moves is known by its old address too. */
const isOf = ({ member }: FakeMachine, name: string, { members }: Facts): boolean =>
  name === member.name || name.startsWith(`${member.name}@`) || members[name]?.listedAt === member.peer.url;
