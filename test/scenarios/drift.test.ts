import { describe, expect, it } from "vitest";
import { Play } from "./play.js";

const root = { mode: "0644", owner: "root", group: "root" };

describe("drift", () => {
  it("mends an edited unit, a deleted certificate, a key that everybody may read and a damaged binary, restarting nobody", async () => {
    const play = new Play();
    await play.formed();
    const pids = play.world.machines.map(({ supervisor }) => supervisor.process?.pid);
    play.say("the unit of a is edited", () => {
      const { files, member, supervisor } = play.world.machine("a");
      files.write(member.paths.unit, `${files.text(member.paths.unit) ?? ""}# mine\n`, root);
      supervisor.disable();
    });
    play.say("a certificate of b is deleted, and c's key is readable by all", () => {
      play.world.machine("b").files.remove("/etc/etcd/certificates/tutorial/live/server.pem");
      const { files } = play.world.machine("c");
      const live = files.stat("/etc/etcd/certificates/tutorial/live")?.target ?? "";
      files.write(`${live}/server-key.pem`, files.read(`${live}/server-key.pem`) ?? "", {
        mode: "0644",
        owner: "etcd",
        group: "etcd",
      });
    });
    play.say("etcdctl on b is damaged, and the data folder of c is open to all", () => {
      play.world.machine("b").files.write("/opt/etcd/etcd-v3.5.30/etcdctl", "half", { ...root, mode: "0755" });
      play.world.machine("c").files.makeFolder("/var/lib/etcd", "0755", "etcd", "etcd");
    });
    await play.up();
    await play.up();
    expect(play.world.machines.map(({ supervisor }) => supervisor.process?.pid)).toEqual(pids);
    await play.end("drift-of-files");
  });

  it("starts a stopped member, and one that has failed", async () => {
    const play = new Play();
    await play.formed();
    play.say("b is stopped and c has failed", () => {
      play.world.machine("b").supervisor.stop();
      const { supervisor } = play.world.machine("c");
      supervisor.sabotage = ["panic: out of luck"];
      supervisor.crash("panic: out of luck");
      supervisor.sabotage = undefined;
    });
    await play.up();
    await play.end("drift-of-processes");
  });

  it("brings a whole cluster back after a power loss that its units do not survive", async () => {
    const play = new Play({ members: 5 });
    await play.formed();
    play.say("all hosts lose their power; their units were disabled", () => {
      for (const machine of play.world.machines) {
        machine.supervisor.disable();
        machine.powerOff();
        machine.powerOn();
      }
    });
    await play.up();
    await play.end("power-loss");
  });

  it("needs nobody when the hosts just reboot", async () => {
    const play = new Play();
    await play.formed();
    play.say("all hosts reboot", () => {
      for (const machine of play.world.machines) machine.powerOff();
      for (const machine of play.world.machines) machine.powerOn();
      play.world.etcd.settle();
      play.world.clock.advance(1_000);
    });
    await play.up();
    await play.end("reboot");
  });

  it("finds marks and folders of its own that were removed", async () => {
    const play = new Play();
    await play.formed();
    play.say("quorate's own folder on a is removed", () =>
      play.world.machine("a").files.remove("/var/lib/quorate/tutorial"),
    );
    await play.up();
    await play.up();
    await play.end("records-removed");
  });
});

describe("the end", () => {
  it("stops one after the other, the leader last, keeps the data and starts again", async () => {
    const play = new Play();
    await play.formed();
    await play.stop();
    await play.stop();
    await play.up();
    await play.end("stop-and-start");
  });

  it("destroys everything, and nothing of it stays in the way", async () => {
    const play = new Play();
    await play.formed();
    await play.destroy();
    await play.destroy();
    for (const { files } of play.world.machines) expect(files.names("/var/lib")).toEqual(["quorate"]);
    await play.up();
    await play.end("destroy");
  });

  it("destroys a plaintext cluster with a log folder of its own", async () => {
    const play = new Play({ members: 1, tls: false, wal: true });
    await play.formed();
    await play.destroy();
    await play.destroy();
    await play.end("destroy-plaintext");
  });

  it("destroys what can be reached, and knows that the rest still has data", async () => {
    const play = new Play();
    await play.formed();
    play.say("c is off", () => play.world.machine("c").powerOff());
    await play.destroy();
    play.say("c is on again, with its old data", () => play.world.machine("c").powerOn());
    await play.up({ remark: "a new cluster must not meet the old c" });
    await play.destroy();
    await play.up();
    await play.end("destroy-in-part");
  });
});
