import { describe, expect, it } from "vitest";
import { attempt } from "../../src/testing/attempt.js";
import { only } from "./changes.js";
import { Play } from "./play.js";

/** A member's host dies, and another takes its place. */
async function replaced(): Promise<Play> {
  const play = new Play(only("abc"));
  await play.formed();
  play.say("the host of c dies", () => play.world.machine("c").powerOff());
  const { report } = await play.up({ spec: only("abd") });
  expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
  return play;
}

describe("the host of a member that was struck off", () => {
  it("comes back: its etcd ends by itself, and the next run clears it", async () => {
    const play = await replaced();
    const { supervisor, files, member } = play.world.machine("c");
    play.say("the host is back", () => play.world.machine("c").powerOn());
    for (let second = 0; second < 5; second += 1) {
      play.world.etcd.settle();
      await play.world.clock.sleep(1_000);
    }
    expect(supervisor.process, "the others have told it that it is no member").toBeUndefined();
    const { plan, report } = await play.up({ spec: only("abd") });
    expect(plan?.stages.flatMap(({ steps }) => steps.map(({ kind, member: name }) => [kind, name]))).toEqual([
      ["retire-member", "c"],
    ]);
    expect(report?.outcome).toBe("done");
    expect(files.text(member.paths.unit)).toBeUndefined();
    expect(files.isFolder(member.paths.data)).toBe(false);
    expect(files.names("/var/lib").filter((name) => name.startsWith("etcd.removed-"))).toHaveLength(1);
    const again = await play.up({ spec: only("abd") });
    expect([again.plan?.stages, again.plan?.problems]).toEqual([[], []]);
    expect((await play.world.operator.ledger.roster()).map(({ name }) => name)).toEqual(["a", "b", "d"]);
    await play.end("former-comes-back");
  });

  it("will not come back, says the operator, and nobody looks for it any more", async () => {
    const play = await replaced();
    const { report } = await play.up({ spec: only("abd"), remove: ["c"] });
    expect(report?.outcome).toBe("done");
    expect((await play.world.operator.ledger.roster()).map(({ name }) => name)).toEqual(["a", "b", "d"]);
    const again = await play.up({ spec: only("abd") });
    expect([again.plan?.stages, again.plan?.problems]).toEqual([[], []]);
    await play.end("former-forgotten");
  });

  it("belongs to another cluster by now: that one is left alone, and the former member is history", async () => {
    const play = await replaced();
    const machine = play.world.machine("c");
    const log = `${machine.member.paths.data}/member/wal/0000000000000000-0000000000000000.wal`;
    machine.files.write(log, JSON.stringify({ clusterId: "c0ffee", memberId: "f00d", voters: [] }), {
      ...{ mode: "0600", owner: "etcd", group: "etcd" },
    });
    machine.powerOn();
    const before = machine.done.length;
    const { plan } = await attempt(play.world, { spec: only("abd") });
    expect([plan?.stages, plan?.problems]).toEqual([[], []]);
    expect(machine.done).toHaveLength(before);
  });

  it("goes away again in the middle of being cleared, and is cleared at last", async () => {
    const play = await replaced();
    const machine = play.world.machine("c");
    machine.powerOn();
    await play.world.clock.sleep(5_000);
    machine.interfere = () => {
      machine.powerOff();
      throw new Error("the connection was lost");
    };
    const cut = await attempt(play.world, { spec: only("abd") });
    expect(cut.report?.outcome).toBe("failed");
    machine.interfere = undefined;
    machine.powerOn();
    await play.world.clock.sleep(5_000);
    const { report } = await attempt(play.world, { spec: only("abd") });
    expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
    expect(machine.files.isFolder(machine.member.paths.data)).toBe(false);
  });
});
