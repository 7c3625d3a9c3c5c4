import { describe, expect, it } from "vitest";
import { attempt, factsNow } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { cutOff, losesPower } from "./host-faults.js";
import { formedFacts, withoutLeader } from "./reference.js";
import { Play } from "./play.js";

const losses = [losesPower("loses its power"), cutOff("cannot be reached any more")];

describe("a host that goes away at any step boundary", () => {
  it.each(losses)(
    "$label: the run stops safely, and goes on when it is back",
    { timeout: 300_000 },
    async ({ strike, lift }) => {
      const spec = sampleSpec();
      const { facts, boundaries } = await formedFacts(spec);
      const outcomes: Record<string, number> = {};
      for (const name of ["a", "b", "c"]) {
        for (let at = 1; at <= boundaries; at += 1) {
          const world = new FakeWorld(spec);
          const first = await attempt(world, {
            atBoundary: (n) => (n === at ? strike(world.machine(name)) : undefined),
          });
          const outcome = `${first.report?.outcome ?? "none"} ${first.report?.failure?.code ?? ""}`;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          expect(first.report, `${name} lost at boundary ${at}: ${first.error?.message}`).toBeDefined();
          const second = await attempt(world);
          expect(["degraded", undefined], `${name} still away: ${second.report?.failure?.message}`).toContain(
            second.report?.outcome,
          );
          lift(world.machine(name));
          world.etcd.settle();
          world.clock.advance(1_000);
          const third = await attempt(world);
          expect(
            [third.error, third.report?.failure, third.plan?.problems],
            `${name} back after boundary ${at}`,
          ).toEqual([undefined, undefined, []]);
          expect(withoutLeader(await factsNow(world))).toEqual(facts);
          expect(world.etcd.amnesia).toEqual([]);
          expect(world.machines.filter(({ lock }) => lock !== undefined)).toEqual([]);
        }
      }
      console.log("outcomes of the run in which the host was lost:", JSON.stringify(outcomes));
    },
  );

  it("is told as it happens", async () => {
    const play = new Play();
    await play.up({
      remark: "b loses its power while the others are started",
      onEvent: (event) =>
        event.type === "stage-started" && event.stage === 2 ? play.world.machine("b").powerOff() : undefined,
    });
    await play.up({ remark: "b is still off" });
    play.say("b is on", () => play.world.machine("b").powerOn());
    await play.up();
    await play.end("host-lost");
  });
});

describe("an action that fails on a host", () => {
  it("stops the run at its stage, whichever action it is, and the next run goes on", { timeout: 300_000 }, async () => {
    const spec = sampleSpec({ members: 2 });
    const { facts, actions } = await formedFacts(spec);
    for (let at = 1; at <= actions; at += 1) {
      const world = new FakeWorld(spec);
      let count = 0;
      for (const machine of world.machines) {
        machine.interfere = () => {
          count += 1;
          if (count === at) throw new Error("Input/output error");
        };
      }
      const first = await attempt(world).catch((error: unknown) => ({ report: undefined, error }));
      const began = first.report?.failure?.code ?? "none";
      expect(["none", "E_HOST_COMMAND"], `action ${at}`).toContain(began);
      const second = await attempt(world);
      expect([second.error, second.report?.failure]).toEqual([undefined, undefined]);
      expect(withoutLeader(await factsNow(world)), `after action ${at} had failed`).toEqual(facts);
    }
    console.log(`${actions} actions failed once each`);
  });
});
