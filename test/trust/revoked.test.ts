/** Lists of revoked certificates, in the world in memory. */
import { describe, expect, it } from "vitest";
import { trustPaths } from "../../src/observe/question.js";
import { attempt, factsNow, type Attempt } from "../../src/testing/attempt.js";
import { FakeWorld, fakeOperator } from "../../src/testing/fake-world.js";
import { Killed } from "../../src/testing/killed.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { withoutLeader } from "../scenarios/reference.js";

const kindsOf = ({ plan }: Attempt): string[][] =>
  (plan?.stages ?? []).map(({ steps }) => steps.map(({ kind }) => kind));

async function running(): Promise<FakeWorld> {
  const world = new FakeWorld(sampleSpec());
  await attempt(world);
  return world;
}

describe("a first revocation", () => {
  it("brings the list before any unit names it, and restarts the members once", async () => {
    const world = await running();
    world.operator.authority.revoke();
    const done = await attempt(world);
    expect(done.report?.outcome).toBe("done");
    const [first, second, ...rest] = kindsOf(done);
    expect([first, second]).toEqual([Array(3).fill("put-list"), Array(3).fill("install-unit")]);
    expect(rest.flat().filter((kind) => kind === "restart-member")).toHaveLength(3);
    const { list } = trustPaths(world.spec, world.spec.members[0]!);
    expect(done.plan?.before.members["a"]?.list).toBeUndefined();
    const unit = world.machine("a").files.text(world.spec.members[0]!.paths.unit);
    expect(unit).toContain(`--client-crl-file=${list}`);
    expect(unit).toContain(`--peer-crl-file=${list}`);
    expect((await attempt(world)).plan?.stages).toEqual([]);
  });

  it("that is killed at any boundary, and run again, ends where an undisturbed one ends", async () => {
    const undisturbed = await running();
    undisturbed.operator.authority.revoke();
    await attempt(undisturbed);
    const wanted = withoutLeader(await factsNow(undisturbed));
    let at = 1;
    for (; ; at += 1) {
      const world = await running();
      world.operator.authority.revoke();
      const first = await attempt(world, {
        atBoundary: (n, session) => {
          if (n !== at) return;
          session.kill();
          throw new Killed();
        },
      });
      if (!first.killed) break;
      for (let turn = 0; turn < 3; turn += 1) {
        await attempt(world);
        await world.clock.sleep(10_000); // one that was restarted just before the kill may not serve at once
      }
      expect(withoutLeader(await factsNow(world)), `killed at boundary ${at}`).toEqual(wanted);
    }
    expect(at).toBeGreaterThan(10);
  }, 120_000);
});

describe("a further revocation", () => {
  it("is nothing but a new list on every host", async () => {
    const world = await running();
    world.operator.authority.revoke();
    await attempt(world);
    world.operator.authority.revoke();
    expect(kindsOf(await attempt(world))).toEqual([Array(3).fill("put-list")]);
    expect((await attempt(world)).plan?.stages).toEqual([]);
  });

  it("goes with `certs renew` too", async () => {
    const world = await running();
    world.operator.authority.revoke();
    await attempt(world);
    world.operator.authority.revoke();
    expect(kindsOf(await attempt(world, { goal: "renewed" }))).toEqual([Array(3).fill("put-list")]);
  });

  it("from other records is refused, since their list may name less", async () => {
    const world = await running();
    world.operator.authority.revoke();
    await attempt(world);
    const other = fakeOperator("ours");
    await other.authority.issue("a");
    const { plan } = await attempt(world, { operator: { ...other, ledger: world.operator.ledger } });
    expect(new Set(plan?.problems.map(({ code }) => code))).toContain("E_LIST_FOREIGN");
    expect(plan?.stages).toEqual([]);
  });
});

describe("a list while the CA changes", () => {
  it("is signed anew by the new CA before the old one goes", async () => {
    const world = await running();
    world.operator.authority.revoke();
    await attempt(world);
    world.operator.authority.changeCa();
    const done = await attempt(world);
    expect(done.report?.outcome).toBe("done");
    const titles = (done.plan?.stages ?? []).map(({ title }) => title);
    const [adopted, list, forgotten] = ["sign with the new CA", "bring the list", "forget the old CA"].map((start) =>
      titles.findIndex((title) => title.startsWith(start)),
    );
    expect(adopted).toBeLessThan(list ?? 0);
    expect(list).toBeLessThan(forgotten ?? 0);
    expect((await factsNow(world)).members["b"]?.list).toBe("current");
    expect((await attempt(world)).plan?.stages).toEqual([]);
  });
});
