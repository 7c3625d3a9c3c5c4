/** Laws 3 and 8 of ARCHITECTURE: what a step promises is what is seen afterwards, and a kill at any point is made good. */
import { dirname } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import { equal } from "../../src/observe/facts.js";
import type { Spec } from "../../src/spec/spec.js";
import { effectOf, kindOf, type Step } from "../../src/steps/kinds.js";
import { attempt, factsNow } from "../../src/testing/attempt.js";
import type { FakeSession, FakeWorld } from "../../src/testing/fake-world.js";
import { Killed } from "../../src/testing/killed.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { arrange, formOnce, stateNames, type Formed, type State } from "./arrange.js";
import { stepOf } from "./arbitrary/step.js";
import { lawAsync } from "./law.js";

let formed: readonly Formed[];
beforeAll(async () => {
  formed = await Promise.all(
    [
      sampleSpec(),
      sampleSpec({ tls: false, wal: true }),
      sampleSpec({ kind: "process" }),
      sampleSpec({ keysOn: "host" }),
    ].map(formOnce),
  );
});

const threeOf = (states: readonly State[]): fc.Arbitrary<[State, State, State]> =>
  fc.tuple(fc.constantFrom(...states), fc.constantFrom(...states), fc.constantFrom(...states));

/** Most worlds with these are refused, which leaves nothing to kill. */
const hopeless: readonly State[] = ["foreign data", "data lost", "data and mark lost"];

/** What a member's own host shows; the rest depends on the other members too. */
const own = [
  "reach",
  "arch",
  "user",
  "directories",
  "releases",
  "trust",
  "unit",
  "enabled",
  "process",
  "config",
  "data",
  "mark",
] as const;

/** Whether a plan could hold the step now: files need a prepared host, a start needs all of them. */
function fits(spec: Spec, step: Step, facts: Facts): boolean {
  const now = facts.members[step.member];
  if (now?.reach !== "yes" || kindOf(step).guard(step, facts) !== undefined) return false;
  const prepared = now.user === "yes";
  switch (step.kind) {
    case "install-release":
      return prepared && now.directories[dirname(step.path)] !== undefined;
    case "install-trust":
      return prepared && now.directories[step.path] !== undefined && spec.tls !== undefined;
    case "start-member":
      return (
        prepared &&
        now.process !== "up" &&
        now.unit !== "absent" &&
        now.data !== "unknown" &&
        now.mark === "no" &&
        now.listed !== "started"
      );
    case "remove-files":
      return now.process === "stopped";
    default:
      return true;
  }
}

async function carryOut(world: FakeWorld, step: Step): Promise<void> {
  const session = world.session();
  const { spec } = world;
  const holder = { operator: "a law", machine: "here", pid: 1, command: "test", since: "now", run: "r" };
  await session.host(step.member).lock(holder);
  const doing = { spec, world: session, progress: () => undefined };
  await kindOf(step).run(step, doing, await kindOf(step).gather?.(step, doing));
  await session.close();
  world.etcd.settle();
  world.clock.advance(10_000);
}

/** Steps that one host alone decides; those that ask the cluster are held to their word by every scenario of change. */
const onHosts: readonly Step["kind"][] = [
  ...(["prepare-host", "install-release", "install-trust", "install-unit", "start-member"] as const),
  ...(["mark-member", "stop-member", "move-aside", "remove-files"] as const),
];

describe("law 3: what is seen after a step is what it promised", () => {
  it("for every kind of step that works on a host, in worlds of every state", { timeout: 300_000 }, async () => {
    const tried: Partial<Record<Step["kind"], number>> = {};
    const anyCase = fc.tuple(fc.nat(3), threeOf(stateNames), fc.boolean(), fc.constantFrom(...onHosts), fc.nat(2));
    const all = (state: State): [State, State, State] => [state, state, state];
    const examples = onHosts.flatMap((kind) =>
      (["prepared", "stopped", "running unmarked"] as const).map(
        (state): [number, [State, State, State], boolean, Step["kind"], number] => [0, all(state), true, kind, 1],
      ),
    );
    await lawAsync(
      anyCase,
      async ([which, states, known, kind, index]) => {
        const from = formed[which];
        const member = from?.spec.members[index];
        if (from === undefined || member === undefined) throw new Error("no such case");
        const world = await arrange(from, states, known);
        const step = stepOf(kind, from.spec, member);
        const others = world.machines.filter(({ name }) => name !== member.name);
        const untouched = others.map(({ actions }) => actions);
        // The lock makes the folder that it stands in, so the world is looked at behind it, as apply does.
        const state = world.machine(member.name).files;
        if (!state.isFolder(member.paths.state)) state.makeFolder(member.paths.state, "0755", "root", "root");
        const before = await factsNow(world);
        if (!fits(from.spec, step, before)) return;
        tried[kind] = (tried[kind] ?? 0) + 1;
        await carryOut(world, step);
        const after = await factsNow(world);
        const promised = effectOf(step, before);
        for (const name of Object.keys(after.members)) compare(name, before, promised, after, name === step.member);
        expect(others.map(({ actions }) => actions)).toEqual(untouched);
      },
      2,
      examples,
    );
    console.log("steps carried out:", JSON.stringify(tried));
    expect(Object.keys(tried).toSorted()).toEqual(onHosts.toSorted());
  });
});

function compare(name: string, before: Facts, promised: Facts, after: Facts, touched: boolean): void {
  const [was, wanted, is] = [before.members[name], promised.members[name], after.members[name]];
  for (const key of own) expect(is?.[key], `${key} of ${name}`).toEqual(wanted?.[key]);
  if (!touched || was === undefined || wanted === undefined) return;
  const changed = (Object.keys(wanted) as (keyof MemberFacts)[]).filter((key) => !equal(wanted[key], was[key]));
  // A peer listener is not asked when a world is looked at, unless the client API has answered for it.
  for (const key of changed) if (key !== "peer") expect(is?.[key], `${key} of ${name}`).toEqual(wanted[key]);
}

describe("law 8: a kill at any point of any plan, and another run, end where an undisturbed run ends", () => {
  const steady = (facts: Facts): Facts => ({
    ...facts,
    members: Object.fromEntries(
      Object.entries(facts.members).map(([name, member]) => [name, { ...member, leader: false }]),
    ),
  });

  async function settled(world: FakeWorld): Promise<Facts> {
    await attempt(world);
    world.clock.advance(10_000);
    await attempt(world);
    world.clock.advance(10_000);
    return steady(await factsNow(world));
  }

  it("in worlds of every state, killed once or twice", { timeout: 300_000 }, async () => {
    let kills = 0;
    const anyCase = fc.tuple(
      fc.nat(3),
      threeOf(stateNames.filter((state) => !hopeless.includes(state))),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 2 }),
    );
    await lawAsync(
      anyCase,
      async ([which, states, known, deaths]: [number, [State, State, State], boolean, number[]]) => {
        const from = formed[which];
        if (from === undefined) throw new Error("no such case");
        const calm = await settled(await arrange(from, states, known));
        const world = await arrange(from, states, known);
        for (const at of deaths)
          kills += Number((await attempt(world, { atBoundary: (n, session) => dieAt(n === at, session) })).killed);
        world.etcd.settle();
        world.clock.advance(10_000);
        expect(await settled(world)).toEqual(calm);
      },
      0.3,
    );
    console.log(`killed ${kills} times`);
    expect(kills).toBeGreaterThan(0);
  });
});

function dieAt(now: boolean, session: FakeSession): void {
  if (!now) return;
  session.kill();
  throw new Killed();
}
