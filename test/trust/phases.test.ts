/** The phases of a change of the CA, in the world in memory. */
import { describe, expect, it } from "vitest";
import { attempt, factsNow, type Attempt } from "../../src/testing/attempt.js";
import { FakeWorld, type FakeSession } from "../../src/testing/fake-world.js";
import { Killed } from "../../src/testing/killed.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { withoutLeader } from "../scenarios/reference.js";

function die(session: FakeSession): never {
  session.kill();
  throw new Killed();
}

/** Run again; a member that was restarted a moment before the kill may not serve yet, and then once more a little later. */
async function goOn(world: FakeWorld): Promise<Attempt> {
  const again = await attempt(world);
  if (again.report !== undefined || again.plan?.problems.length === 0) return again;
  await world.clock.sleep(10_000);
  return attempt(world);
}

/** A cluster that runs, and whose CA is to be another. */
async function changing(): Promise<FakeWorld> {
  const world = new FakeWorld(sampleSpec());
  await attempt(world);
  world.operator.authority.changeCa();
  return world;
}

describe("a change of the CA", () => {
  it("spreads, proves, adopts, renews, proves, drops and forgets, in this order", async () => {
    const world = await changing();
    const { plan, report } = await attempt(world);
    expect(report?.outcome).toBe("done");
    const titles = (plan?.stages ?? []).map(({ title }) => title.replace(/ [a-z0-9-]+$/, ""));
    const parts = [
      "see every listener accept",
      "sign with",
      "prepare",
      "see the new",
      "prepare",
      "see every member connected",
      "forget",
    ];
    const found = parts.map((part, index) =>
      titles.findIndex((title, at) => title.startsWith(part) && at >= (index === 2 ? 6 : index === 4 ? 8 : 0)),
    );
    expect(found.every((at) => at >= 0)).toBe(true);
    expect([...found].sort((a, b) => a - b)).toEqual(found);
    expect((await attempt(world)).plan?.stages).toEqual([]);
  });

  it("that waits for a client stops before any certificate of a member is changed, unless told to go on", async () => {
    const world = await changing();
    world.operator.authority.waiting = ["backup"];
    const { plan } = await attempt(world);
    expect(plan?.problems.map(({ code }) => code)).toEqual(["E_CA_WAITS"]);
    expect(plan?.stages.flatMap(({ steps }) => steps).filter(({ kind }) => kind === "renew-trust")).toEqual([]);
    world.operator.authority.waiting = [];
    expect((await goOn(world)).report?.outcome).toBe("done");
  });

  it("stops before anything depends on it when two members are not connected, and names them", async () => {
    const world = await changing();
    world.etcd.cut = ["b", "c"];
    const { report } = await attempt(world);
    expect(report?.failure).toMatchObject({ code: "E_TRUST_UNPROVEN" });
    expect(report?.failure?.message).toMatch(/: b → c \(https:\S*\): not connected; c → b \(\S*\): not connected$/);
    world.etcd.cut = [];
    expect((await goOn(world)).report?.outcome).toBe("done");
  });

  it("that is killed at any boundary, and run again, ends where an undisturbed one ends", async () => {
    const undisturbed = await changing();
    await attempt(undisturbed);
    const wanted = withoutLeader(await factsNow(undisturbed));
    let at = 1;
    for (; ; at += 1) {
      const world = await changing();
      const first = await attempt(world, { atBoundary: (n, session) => (n === at ? die(session) : undefined) });
      if (!first.killed) break;
      const second = await goOn(world);
      expect([second.error?.message, second.report?.failure, second.plan?.problems]).toEqual([
        undefined,
        undefined,
        [],
      ]);
      await factsNow(world); // the last one restarted begins to come up when somebody looks
      await world.clock.sleep(10_000);
      expect(withoutLeader(await factsNow(world)), `killed at boundary ${at}`).toEqual(wanted);
      expect((await attempt(world)).plan?.stages, `killed at boundary ${at}`).toEqual([]);
    }
    console.log(`a change of the CA: killed at each of ${at - 1} boundaries`);
    expect(at).toBeGreaterThan(20);
  }, 300_000);
});
