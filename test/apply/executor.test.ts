/** The executor, where it is easiest to get wrong: waiting, the lock, the journal, and the last look before acting. */
import { describe, expect, it, vi } from "vitest";
import { applyPlan, type ApplyPlanOptions } from "../../src/apply-plan.js";
import type { RunEvent } from "../../src/apply/events.js";
import { QuorateError } from "../../src/errors.js";
import type { Plan } from "../../src/plan/plan.js";
import { planOf, survey } from "../../src/survey.js";
import { attempt, factsNow } from "../../src/testing/attempt.js";
import { keyCanary } from "../../src/testing/fake-authority.js";
import { FakeWorld, fakeOperator } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const locked = (world: FakeWorld): string[] =>
  world.machines.filter(({ lock }) => lock !== undefined).map(({ name }) => name);

async function ready(world: FakeWorld): Promise<ApplyPlanOptions> {
  const session = world.session();
  const looked = await survey(world.spec, session);
  return { spec: world.spec, world: session, survey: looked, plan: planOf(world.spec, looked), command: "test" };
}

describe("waiting", () => {
  it("ends when patience does, without looking all the time, and says what is not as it should be", async () => {
    const world = new FakeWorld(sampleSpec());
    // b and c come up, but nobody lets them talk to each other: no leader is ever elected.
    vi.spyOn(world.etcd, "serves").mockReturnValue(false);
    const { report } = await attempt(world);
    expect(report?.failure?.code).toBe("E_NOT_SERVING");
    expect(world.clock.elapsed).toBeGreaterThan(60_000);
    expect(world.clock.elapsed).toBeLessThan(120_000);
    // Three members for a minute: some looks in the first second, then four a second at most.
    expect(world.clock.sleeps).toBeLessThan(3_000);
    expect(locked(world)).toEqual([]);
  });

  it("ends at once when the supervisor has given up, with the log of the host", async () => {
    const world = new FakeWorld(sampleSpec({ members: 1 }));
    world.machine("a").supervisor.sabotage = ["bind: address already in use"];
    const { report } = await attempt(world);
    expect(report?.failure).toMatchObject({ code: "E_MEMBER_FAILED", log: ["bind: address already in use"] });
    expect(world.clock.elapsed).toBeLessThan(5_000);
  });

  it("sees a process that ends after its listener was up, while the others are waited for", async () => {
    const world = new FakeWorld(sampleSpec());
    vi.spyOn(world.etcd, "serves").mockReturnValue(false);
    const { report } = await attempt(world, {
      onEvent(event) {
        if (event.type !== "stage-started" || event.stage !== 3) return;
        world.machine("b").supervisor.sabotage = ["panic: runtime error"];
        world.machine("b").supervisor.crash("panic: runtime error");
      },
    });
    expect(report?.failure).toMatchObject({ code: expect.stringMatching(/E_MEMBER_FAILED|E_NOT_SERVING/) });
    const failures = world.operator.ledger;
    const [run = ""] = await failures.runs();
    const events = (await failures.read(run))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);
    const failed = events.flatMap((event) =>
      event.type === "step-failed" && event.member === "b" ? [event.failure] : [],
    );
    expect(failed.map(({ code, log }) => [code, log?.[0]])).toContainEqual(["E_MEMBER_FAILED", "panic: runtime error"]);
  });

  it("gives a member that was started the time to serve, not only to run", async () => {
    const world = new FakeWorld(sampleSpec());
    await attempt(world);
    await attempt(world, { goal: "stopped" });
    await attempt(world);
    const serving = Object.values((await factsNow(world)).members).map((member) => member.serving);
    expect(serving).toEqual(["yes", "yes", "yes"]);
  });
});

describe("the lock", () => {
  it("is given back when a step fails, a host is lost, the plan no longer fits, or our own code is wrong", async () => {
    const cases: ((world: FakeWorld) => Partial<Parameters<typeof attempt>[1]>)[] = [
      (world) => {
        world.machine("b").interfere = () => {
          throw new Error("no");
        };
        return {};
      },
      (world) => ({ onEvent: (event) => (event.type === "stage-started" ? world.machine("c").powerOff() : undefined) }),
      (world) => ({ meanwhile: () => void (world.machine("a").arch = "arm64") }),
      (world) => ({ meanwhile: () => world.machine("c").powerOff() }),
    ];
    for (const spoil of cases) {
      const world = new FakeWorld(sampleSpec());
      await attempt(world, spoil(world));
      expect(locked(world)).toEqual([]);
    }
    const world = new FakeWorld(sampleSpec());
    const wrong = attempt(world, {
      atBoundary: () => {
        throw new TypeError("a bug");
      },
    });
    await expect(wrong).rejects.toThrow("a bug");
    expect(locked(world)).toEqual([]);
  });

  it("is not kept on some hosts when one of them is held by somebody else", async () => {
    const world = new FakeWorld(sampleSpec());
    const theirs = world.session(fakeOperator("theirs"));
    await theirs.host("c").lock({ operator: "ann", machine: "m", pid: 1, command: "c", since: "s", run: "r" });
    const { error } = await attempt(world);
    expect([error?.code, error?.details.where]).toEqual(["E_LOCKED", "c"]);
    expect(locked(world)).toEqual(["c"]);
  });

  it("is not kept when the look behind it fails", async () => {
    const world = new FakeWorld(sampleSpec());
    const options = await ready(world);
    vi.spyOn(options.world.host("b"), "observe").mockRejectedValue(new TypeError("a bug"));
    await expect(applyPlan(options)).rejects.toThrow("a bug");
    expect(locked(world)).toEqual([]);
  });

  it("leaves nobody with two runs at once, however many come together", async () => {
    const world = new FakeWorld(sampleSpec());
    const results = await Promise.all(Array.from({ length: 4 }, () => attempt(world)));
    expect(results.filter(({ report }) => report?.outcome === "done")).toHaveLength(1);
    for (const { error, report } of results)
      if (report === undefined) expect(["E_LOCKED", "E_CHANGED"]).toContain(error?.code);
    expect(locked(world)).toEqual([]);
  });
});

describe("the last look before acting", () => {
  it("accepts a plan that has been written down and read again", async () => {
    const world = new FakeWorld(sampleSpec());
    await attempt(world);
    await attempt(world, { goal: "stopped" });
    const options = await ready(world);
    const plan = JSON.parse(JSON.stringify(options.plan)) as Plan;
    expect(plan.stages.length).toBeGreaterThan(0);
    expect((await applyPlan({ ...options, plan })).outcome).toBe("done");
  });

  it("refuses a plan that is refused, or that was made for another moment", async () => {
    const world = new FakeWorld(sampleSpec());
    const options = await ready(world);
    await expect(
      applyPlan({
        ...options,
        plan: { ...options.plan, problems: [{ code: "E_ARCH", member: "a", message: "", severity: "refuse" }] },
      }),
    ).rejects.toMatchObject({ code: "E_REFUSED" });
    await expect(
      applyPlan({ ...options, plan: { ...options.plan, stages: options.plan.stages.slice(1) } }),
    ).rejects.toMatchObject({ code: "E_CHANGED" });
    expect(world.machines.flatMap(({ done }) => done)).toEqual([]);
  });

  it("refuses when something has come in the way of a plan without steps", async () => {
    const world = new FakeWorld(sampleSpec());
    await attempt(world);
    const options = await ready(world);
    expect(options.plan.stages).toEqual([]);
    world.machine("a").clockSkew = 60_000;
    await expect(applyPlan(options)).rejects.toMatchObject({ code: "E_CHANGED" });
  });
});

describe("the journal", () => {
  /** Every step that was begun ends exactly once, and nothing comes before the beginning or after the end. */
  const complete = (events: readonly RunEvent[]): void => {
    const [first, last] = [events[0], events.at(-1)];
    expect([first?.type, last?.type]).toEqual(["run-started", "run-finished"]);
    const begun = events.flatMap((event) => (event.type === "step-started" ? [event.step] : []));
    const ended = events.flatMap((event) =>
      event.type === "step-done" || event.type === "step-failed" ? [event.step] : [],
    );
    expect(ended.toSorted()).toEqual([...new Set([...begun, ...ended])].toSorted());
    expect(begun.filter((step) => !ended.includes(step))).toEqual([]);
  };

  it("says how every step ended, wherever a host fails or is lost", async () => {
    const undisturbed = new FakeWorld(sampleSpec());
    const { boundaries } = await attempt(undisturbed);
    for (let at = 1; at <= boundaries; at += 1) {
      const world = new FakeWorld(sampleSpec());
      const { report, events } = await attempt(world, {
        atBoundary: (n) => (n === at ? world.machine("b").powerOff() : undefined),
      });
      complete(events);
      expect(report?.outcome === "failed").toBe(events.some(({ type }) => type === "step-failed"));
    }
  });

  it("is the same on the operator's disk and on every host, and holds no key", async () => {
    const world = new FakeWorld(sampleSpec());
    const { report, events } = await attempt(world);
    const run = report?.run ?? "";
    const text = await world.operator.ledger.read(run);
    const told = events.filter(({ type }) => type !== "step-progress").map((event) => JSON.stringify(event));
    expect(text.trim().split("\n")).toEqual(told);
    for (const { files, member } of world.machines) {
      expect(files.text(`${member.paths.state}/runs/${run}.jsonl`)).toBe(text);
      expect(files.text(`${member.paths.state}/runs/index`)).toBe(`${run}\n`);
    }
    expect(text).not.toContain(keyCanary);
  });

  it("is begun before anything is done: a full disk here leaves every host as it was", async () => {
    const world = new FakeWorld(sampleSpec());
    world.operator.ledger.fault = new Error("ENOSPC: no space left on device");
    const { error } = await attempt(world);
    expect(error).toBeInstanceOf(QuorateError);
    expect([error?.code, error?.details.found]).toEqual(["E_JOURNAL", "ENOSPC: no space left on device"]);
    expect(world.machines.flatMap(({ done }) => done)).toEqual([]);
    expect(locked(world)).toEqual([]);
  });

  it("that cannot be completed is told, when the work is done", async () => {
    const world = new FakeWorld(sampleSpec());
    const { error } = await attempt(world, {
      onEvent(event) {
        if (event.type === "stage-started") world.operator.ledger.fault = new Error("ENOSPC");
      },
    });
    expect(error?.code).toBe("E_JOURNAL");
    expect(Object.values((await factsNow(world)).members).map((member) => member.serving)).toEqual([
      "yes",
      "yes",
      "yes",
    ]);
    expect(locked(world)).toEqual([]);
  });

  it("has every failure of a stage, not only the first", async () => {
    const world = new FakeWorld(sampleSpec());
    for (const name of ["a", "c"]) {
      world.machine(name).interfere = (action) => {
        if (action.do === "enable") throw new Error("systemd is out of order");
      };
    }
    const { events, report } = await attempt(world);
    const failed = events.flatMap((event) =>
      event.type === "step-failed" ? [`${event.member} ${event.failure.log?.[0]}`] : [],
    );
    expect(failed).toEqual(["a systemd is out of order", "c systemd is out of order"]);
    const done = events.filter((event) => event.type === "step-done").length;
    expect([report?.outcome, report?.stagesDone, done]).toEqual(["failed", 0, 10]);
    complete(events);
  });
});

describe("round trips", () => {
  it("are few: a first start takes at most eight of each host, a second look takes one and changes nothing", async () => {
    const world = new FakeWorld(sampleSpec());
    const options = await ready(world);
    await applyPlan(options);
    for (const { name } of world.machines) expect(options.world.host(name).roundTrips, name).toBeLessThanOrEqual(8);
    const session = world.session();
    const done = world.machines.map(({ actions }) => actions);
    expect(planOf(world.spec, await survey(world.spec, session)).stages).toEqual([]);
    for (const { name } of world.machines) expect(session.host(name).roundTrips).toBe(1);
    expect(world.machines.map(({ actions }) => actions)).toEqual(done);
  });
});

describe("a run that is degraded", () => {
  it("says so in its outcome, and still fails when a step fails", async () => {
    const world = new FakeWorld(sampleSpec());
    world.machine("c").powerOff();
    expect((await attempt(world)).report?.outcome).toBe("degraded");
    const other = new FakeWorld(sampleSpec());
    other.machine("c").powerOff();
    other.machine("b").supervisor.sabotage = ["no"];
    expect((await attempt(other)).report?.outcome).toBe("failed");
  });
});
