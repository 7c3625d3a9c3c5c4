import { beforeEach, describe, expect, it } from "vitest";
import { carryOut, type Carried, type Errand } from "../../src/cli/carry-out.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { sit, type FakeSitting } from "./fake-sitting.js";

describe("carrying out an errand", () => {
  let world: FakeWorld;
  beforeEach(() => {
    world = new FakeWorld(sampleSpec());
  });

  const go = async (sitting: FakeSitting, errand: Partial<Errand> = {}): Promise<Carried> => {
    const session = world.session();
    try {
      return await carryOut(sitting.session, world.spec, session, {
        goal: "running",
        command: "quorate up",
        consent: async () => undefined,
        ...errand,
      });
    } finally {
      await session.close();
    }
  };

  it("shows the plan before it asks", async () => {
    const sitting = sit();
    const shown: string[] = [];
    await go(sitting, { consent: async () => void shown.push(sitting.out()) });
    expect(shown[0]).toContain("18 steps in 4 stages on 3 members");
  });

  it("does nothing when consent is refused", async () => {
    const no = new Error("no");
    await expect(go(sit(), { consent: () => Promise.reject(no) })).rejects.toBe(no);
    expect(world.machines.flatMap(({ done }) => done)).toEqual([]);
  });

  it("plans and asks anew when something changed meanwhile, and nothing was done yet", async () => {
    const sitting = sit();
    let asked = 0;
    const consent = async (): Promise<void> => {
      asked += 1;
      if (asked === 1) await attempt(world);
    };
    world.machine("c").powerOff();
    expect(
      (await go(sitting, { consent: async () => (asked === 0 && world.machine("c").powerOn(), consent()) })).code,
    ).toBe(0);
    expect(sitting.err()).toContain("Something changed between planning and doing");
  });

  it("gives a member that lags the time to catch up before it refuses a change", async () => {
    await attempt(world);
    const wanted = sampleSpec({ settings: { "heartbeat-interval": "50" } });
    world.add(wanted);
    world.machine("c").lagging = 10_000;
    const session = world.session();
    const { sleep } = session.clock;
    let slept = 0;
    session.clock.sleep = (milliseconds, signal) => {
      slept += 1;
      if (slept === 2) world.machine("c").lagging = 0;
      return sleep.call(session.clock, milliseconds, signal);
    };
    const sitting = sit();
    const errand: Errand = { goal: "running", command: "quorate up", consent: async () => undefined };
    const { code, report } = await carryOut(sitting.session, wanted, session, errand);
    await session.close();
    expect([code, report?.outcome, sitting.err()]).toEqual([0, "done", ""]);
    expect(slept).toBeGreaterThanOrEqual(2);
  });

  it("ends with 0 when all was done", async () => {
    expect((await go(sit())).code).toBe(0);
  });

  it("ends with 0 and one sentence when there is nothing to do", async () => {
    await attempt(world);
    const sitting = sit();
    expect((await go(sitting)).code).toBe(0);
    expect([sitting.out(), sitting.err()]).toEqual(["Nothing to do: tutorial is as the file says.\n", ""]);
  });

  it("ends with 3 when a host is away and the rest was done", async () => {
    world.machine("c").powerOff();
    const sitting = sit();
    expect((await go(sitting)).code).toBe(3);
    expect(sitting.out()).toMatch(/^! c /m);
  });

  it("ends with 1 when something is in the way, and tells what", async () => {
    world.machine("a").systemd = undefined;
    const sitting = sit();
    expect((await go(sitting)).code).toBe(1);
    expect(sitting.err()).toContain("E_NO_SYSTEMD");
    expect(sitting.out()).toBe("");
  });

  it("tells a failure with the host's own log, how the cluster is, and what to do", async () => {
    world.machine("c").supervisor.sabotage = ["etcd: error while loading shared libraries: libc.so.6"];
    const sitting = sit();
    expect((await go(sitting)).code).toBe(1);
    const told = sitting.err();
    expect(told).toMatch(/^✗ c {2}start etcd for the first time +E_MEMBER_FAILED$/m);
    expect(told).toMatch(/^ {2}log {6}etcd: error while loading shared libraries/m);
    expect(told).toMatch(/^ {2}cluster {2}2 of 3 members healthy; a leads; nothing after this stage was begun$/m);
    expect(told).toMatch(/^ {2}next {5}/m);
  });

  it("prints events and nothing else with --json", async () => {
    const sitting = sit({ json: true });
    await go(sitting);
    const types = sitting
      .out()
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect([types[0], types.at(-1)]).toEqual(["run-started", "run-finished"]);
    expect(sitting.err()).toBe("");
  });

  it("says with --json that there is nothing to do", async () => {
    await attempt(world);
    const sitting = sit({ json: true });
    await go(sitting);
    expect(JSON.parse(sitting.out())).toEqual({ type: "nothing-to-do", cluster: "tutorial", problems: [] });
  });

  it("stops after the stage that is under way when it is interrupted, and goes on the next time", async () => {
    const sitting = sit();
    const first = world.machine("a");
    first.interfere = (action) => {
      if (action.do === "start") process.emit("SIGINT");
    };
    expect((await go(sitting)).code).toBe(130);
    expect(sitting.err()).toContain("press Ctrl-C again to stop at once");
    expect(sitting.err()).toContain("it goes on from here");
    first.interfere = undefined;
    expect((await go(sit())).code).toBe(0);
  });

  it("leaves Ctrl-C as it found it", async () => {
    const before = process.listenerCount("SIGINT");
    await go(sit());
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("rewrites its lines on a terminal, and leaves one for each stage", async () => {
    const sitting = sit({ interactive: true });
    await go(sitting);
    const stages = onScreen(sitting.out()).filter((line) => line.includes("✓"));
    expect(stages.map((line) => line.replace(/^.*✓ /, "").replace(/ {2,}.*$/, ""))).toEqual([
      "prepare the hosts",
      "start the first member",
      "start the other members together",
      "see every member serve, and note it on its host",
    ]);
  });
});

/** What is left of an output on a terminal that obeys the two controls of the live view: some lines up, and erase from here. */
function onScreen(output: string): string[] {
  const lines: string[] = [];
  for (const [, up, line = ""] of output.replaceAll("\u001b[", "⎋").matchAll(/⎋(\d+)A|([^\n]*)\n/g)) {
    if (up === undefined) lines.push(line.replaceAll("⎋0J", ""));
    else lines.length -= Number(up);
  }
  return lines;
}
