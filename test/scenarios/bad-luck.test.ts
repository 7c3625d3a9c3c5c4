import { describe, expect, it } from "vitest";
import { attempt } from "../../src/testing/attempt.js";
import { fakeOperator } from "../../src/testing/fake-world.js";
import { Play } from "./play.js";

describe("what is in the way", () => {
  it("names data of another cluster, and moves it aside only when told to", async () => {
    const play = new Play();
    const { data } = play.world.machine("b").member.paths;
    play.say("b still has the data of another cluster", () => {
      const { files } = play.world.machine("b");
      files.makeFolder(`${data}/member/wal`, "0700", "root", "root");
      files.write(
        `${data}/member/wal/0000000000000000-0000000000000000.wal`,
        JSON.stringify({ clusterId: "c0ffee", memberId: "f00d", voters: [] }),
        {
          mode: "0600",
          owner: "root",
          group: "root",
        },
      );
    });
    await play.up();
    expect(play.world.machines.flatMap(({ done }) => done)).toEqual([]);
    await play.up({ moveAside: ["b"] });
    const aside = play.world
      .machine("b")
      .files.names("/var/lib")
      .filter((name) => name.includes(".aside-"));
    expect(aside).toHaveLength(1);
    expect(
      play.world.machine("b").files.text(`/var/lib/${aside[0]}/member/wal/0000000000000000-0000000000000000.wal`),
    ).toContain("c0ffee");
    await play.end("foreign-data");
  });

  it("names files that are no etcd's", async () => {
    const play = new Play({ members: 1, wal: true });
    play.say("somebody keeps notes in the data folder of a", () => {
      const { files, member } = play.world.machine("a");
      files.makeFolder(member.paths.data, "0755", "root", "root");
      files.write(`${member.paths.data}/notes.txt`, "buy milk", { mode: "0644", owner: "root", group: "root" });
    });
    await play.up();
    await play.up({ moveAside: ["a"] });
    await play.end("foreign-files");
  });

  it("replaces a member whose disk came back empty, as long as the others serve", async () => {
    const play = new Play();
    await play.formed();
    play.say("c loses its data", () => play.world.machine("c").loseData());
    await play.up();
    await play.up();
    await play.end("lost-disk");
  });

  it("starts nobody empty while no member can say who has started", async () => {
    const play = new Play();
    await play.formed();
    play.say("all lose their power; the data of c and the note about it are gone", () => {
      for (const machine of play.world.machines) machine.powerOff();
      play.world.machine("c").loseData();
      play.world.machine("c").files.remove("/var/lib/quorate/tutorial/member.json");
      for (const machine of play.world.machines) {
        machine.supervisor.disable();
        machine.powerOn();
      }
    });
    await play.up();
    await play.up({ remark: "now the members themselves know that c has started" });
    await play.up();
    await play.end("lost-disk-unwitnessed");
  });

  it("never starts an empty member in place of data that is moved aside", async () => {
    const play = new Play();
    await play.formed();
    play.say("c is given the disk of another machine", () => {
      const { files } = play.world.machine("c");
      play.world.machine("c").loseData();
      files.write("/var/lib/etcd/strange", "?", { mode: "0600", owner: "root", group: "root" });
    });
    await play.up({ moveAside: ["c"] });
    await play.end("foreign-in-place-of-lost");
  });
});

describe("somebody else", () => {
  it("waits for nobody: another quorate at work is named", async () => {
    const play = new Play();
    const other = play.world.session(fakeOperator("theirs"));
    const holder = {
      operator: "ann",
      machine: "laptop",
      pid: 4711,
      command: "quorate up",
      since: "2026-11-22T09:59:00.000Z",
      run: "r1",
    };
    play.say("ann has the lock on b", () => undefined);
    await other.host("b").lock(holder);
    await play.up();
    expect(play.world.machines.flatMap(({ done }) => done)).toEqual([]);
    await play.up({ steal: true, remark: "ann's laptop is at the bottom of the sea" });
    await expect(other.host("b").act([{ do: "reload-units" }])).rejects.toMatchObject({ code: "E_LOCK_LOST" });
    await play.end("another-at-work");
  });

  it("lets one of two that come together win", async () => {
    const play = new Play();
    const outcomes = await Promise.all([
      attempt(play.world),
      attempt(play.world, { operator: fakeOperator("theirs") }),
    ]);
    const won = outcomes.filter(({ report }) => report?.outcome === "done");
    const lost = outcomes.filter(({ error }) => error?.code === "E_LOCKED" || error?.code === "E_CHANGED");
    expect([won.length, lost.length]).toEqual([1, 1]);
    expect(play.world.machines.filter(({ lock }) => lock !== undefined)).toEqual([]);
  });

  it("does nothing when the hosts change while the operator reads the plan", async () => {
    const play = new Play();
    await play.up({
      remark: "meanwhile somebody fills the data folder of b",
      meanwhile() {
        const { files } = play.world.machine("b");
        files.makeFolder("/var/lib/etcd/lost", "0755", "root", "root");
      },
    });
    expect(play.world.machines.flatMap(({ done }) => done)).toEqual([]);
    await play.end("changed-meanwhile");
  });

  it("does nothing when a host goes away while the operator reads the plan", async () => {
    const play = new Play();
    await play.up({ remark: "meanwhile b goes down", meanwhile: () => play.world.machine("b").powerOff() });
    expect(play.world.machines.flatMap(({ done }) => done)).toEqual([]);
    await play.end("gone-meanwhile");
  });

  it("refuses an etcd that somebody else runs under the same unit", async () => {
    const play = new Play({ members: 1 });
    await play.formed();
    play.say("the unit of a is written by hand, and a restarted", () => {
      const { files, member, supervisor } = play.world.machine("a");
      const text = (files.text(member.paths.unit) ?? "").replace(/^Environment=.*QUORATE_CONFIG.*$/m, "");
      files.write(member.paths.unit, text, { mode: "0644", owner: "root", group: "root" });
      supervisor.stop();
      supervisor.reload();
      supervisor.start("etcd");
    });
    await play.up();
    await play.end("hand-made-unit");
  });

  it("finds a cluster that another operator made up, with the same CA, and does nothing", async () => {
    const play = new Play({ version: undefined });
    await play.formed();
    const theirs = { ...fakeOperator(), authority: play.world.operator.authority };
    await play.up({ operator: theirs, remark: "by another operator, without the records of the first" });
    await play.end("second-operator");
  });

  it("refuses to replace the CA that running members trust", async () => {
    const play = new Play();
    await play.formed();
    await play.up({ operator: fakeOperator("theirs"), remark: "by an operator with another CA" });
    await play.end("another-ca");
  });
});
