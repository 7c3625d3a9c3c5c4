import { describe, expect, it } from "vitest";
import { Play } from "./play.js";

describe("a first start", () => {
  it("brings three bare hosts up, and finds nothing to do the second time", async () => {
    const play = new Play();
    await play.up();
    const before = play.world.machines.map(({ done }) => done.length);
    await play.up();
    expect(play.world.machines.map(({ done }) => done.length)).toEqual(before);
    await play.end("fresh-up");
  });

  it("forms a quorum without a host that is down, and finishes when it is back", async () => {
    const play = new Play();
    play.say("c is off", () => play.world.machine("c").powerOff());
    await play.up();
    await play.up({ remark: "c is still off" });
    play.say("c is on", () => play.world.machine("c").powerOn());
    await play.up();
    await play.up();
    await play.end("one-host-down");
  });

  it("does nothing when too few hosts answer", async () => {
    const play = new Play();
    play.say("b and c are off", () => ["b", "c"].forEach((name) => play.world.machine(name).powerOff()));
    await play.up();
    expect(play.world.machine("a").done).toEqual([]);
    await play.end("too-few-hosts");
  });

  it("shows the host's own log when etcd does not come up, and goes on when the cause is gone", async () => {
    const play = new Play();
    play.say("c has a broken loader", () => {
      play.world.machine("c").supervisor.sabotage = [
        "etcd: error while loading shared libraries: libc.so.6",
        "Main process exited, code=exited, status=127",
      ];
    });
    await play.up();
    play.say("c is repaired", () => {
      play.world.machine("c").supervisor.sabotage = undefined;
    });
    await play.up();
    await play.end("start-fails");
  });

  it("comes up without TLS, and with one member", async () => {
    const play = new Play({ members: 1, tls: false });
    await play.up();
    await play.up();
    await play.end("one-member-plaintext");
  });

  it("makes keys on the hosts when the file asks for it", async () => {
    const play = new Play({ keysOn: "host" });
    await play.up();
    await play.up();
    expect(play.world.machine("a").done.filter((line) => line.startsWith("make-key"))).toHaveLength(2);
    await play.end("keys-on-hosts");
  });

  it("runs local members as processes", async () => {
    const play = new Play({ kind: "process" });
    await play.up();
    await play.up();
    await play.end("local-processes");
  });
});
