import { describe, expect, it } from "vitest";
import { attempt, factsNow, type Attempt } from "../../src/testing/attempt.js";
import { FakeWorld, type FakeSession } from "../../src/testing/fake-world.js";
import { Killed } from "../../src/testing/killed.js";
import { sampleSpec, type SampleSpecOptions } from "../../src/testing/sample-spec.js";
import type { Goal } from "../../src/plan/plan.js";
import { Play } from "./play.js";
import { formedFacts, withoutLeader } from "./reference.js";

function die(session: FakeSession): never {
  session.kill();
  throw new Killed();
}

/** Run again after a kill: it must end, and in the facts that an undisturbed run ends in. */
async function goOn(world: FakeWorld, goal: Goal = "running"): Promise<Attempt[]> {
  expect(world.machines.filter(({ lock }) => lock !== undefined)).toEqual([]);
  const second = await attempt(world, { goal });
  const third = await attempt(world, { goal });
  expect([second.error?.message, second.report?.failure, second.plan?.problems]).toEqual([undefined, undefined, []]);
  expect([third.error?.message, third.plan?.stages, third.plan?.problems]).toEqual([undefined, [], []]);
  expect(world.etcd.amnesia).toEqual([]);
  return [second, third];
}

const specs: readonly (SampleSpecOptions & { readonly label: string })[] = [
  { label: "1 member", members: 1 },
  { label: "3 members", members: 3 },
  { label: "5 members", members: 5 },
  { label: "3 local members", members: 3, kind: "process" },
  { label: "3 members that make their own keys", members: 3, keysOn: "host" },
];

describe("quorate killed at any step boundary, then run again, ends in the same facts", () => {
  it.each(specs)("$label", async (options) => {
    const spec = sampleSpec(options);
    const { facts, boundaries } = await formedFacts(spec);
    for (let at = 1; at <= boundaries; at += 1) {
      const world = new FakeWorld(spec);
      const first = await attempt(world, { atBoundary: (n, session) => (n === at ? die(session) : undefined) });
      expect(first.killed).toBe(true);
      await goOn(world);
      expect(withoutLeader(await factsNow(world)), `killed at boundary ${at}`).toEqual(facts);
    }
    console.log(`${options.label}: killed at each of ${boundaries} boundaries`);
  });

  it("while it stops and destroys", async () => {
    for (const goal of ["stopped", "absent"] as const) {
      let at = 1;
      for (; ; at += 1) {
        const world = new FakeWorld(sampleSpec());
        await attempt(world);
        const first = await attempt(world, { goal, atBoundary: (n, session) => (n === at ? die(session) : undefined) });
        if (!first.killed) break;
        await goOn(world, goal);
        const states = world.machines.map(({ supervisor, files }) => [
          supervisor.process,
          files.isFolder("/var/lib/etcd"),
        ]);
        expect(states, `${goal}, killed at boundary ${at}`).toEqual(
          Array.from({ length: 3 }, () => [undefined, goal === "stopped"]),
        );
      }
      console.log(`${goal}: killed at each of ${at - 1} boundaries`);
    }
  });
});

describe("quorate killed in the middle of a step, then run again, ends in the same facts", () => {
  it.each(specs.filter(({ members }) => members !== 5))("$label", async (options) => {
    const spec = sampleSpec(options);
    const { facts, actions } = await formedFacts(spec);
    let kills = 0;
    for (let at = 1; at <= actions; at += 1) {
      const world = new FakeWorld(spec);
      const session: { now: FakeSession | undefined } = { now: undefined };
      let count = 0;
      for (const machine of world.machines) {
        machine.interfere = () => {
          count += 1;
          if (count === at && session.now !== undefined) die(session.now);
        };
      }
      const first = await attempt(world, { onEvent: (_, current) => (session.now = current) });
      kills += Number(first.killed);
      for (const machine of world.machines) machine.interfere = undefined;
      await goOn(world);
      expect(withoutLeader(await factsNow(world)), `killed at action ${at}`).toEqual(facts);
    }
    // Records that are sent after the last step are not waited for by anybody.
    expect(kills).toBeGreaterThan(actions - 5 * spec.members.length);
    console.log(`${options.label}: killed at ${kills} of ${actions} actions`);
  });
});

describe("an operator who wants to stop", () => {
  it("is obeyed after the stage that is under way, and can go on", async () => {
    const play = new Play();
    const wish = new AbortController();
    await play.up({
      remark: "Ctrl-C while the first member is started",
      signal: wish.signal,
      onEvent: (event) => (event.type === "stage-started" && event.stage === 1 ? wish.abort() : undefined),
    });
    await play.up();
    await play.end("interrupt");
  });

  it("is obeyed after each stage", async () => {
    const spec = sampleSpec();
    const { facts } = await formedFacts(spec);
    for (let stage = 0; stage < 4; stage += 1) {
      const world = new FakeWorld(spec);
      const wish = new AbortController();
      const first = await attempt(world, {
        signal: wish.signal,
        onEvent: (event) => (event.type === "stage-done" && event.stage === stage ? wish.abort() : undefined),
      });
      expect([first.report?.outcome, first.report?.stagesDone]).toEqual(
        stage === 3 ? ["done", 4] : ["interrupted", stage + 1],
      );
      if (stage < 3) await goOn(world);
      expect(withoutLeader(await factsNow(world))).toEqual(facts);
    }
  });
});
