/** Each thing that can be in the way is named, and stops exactly what it must. */
import { beforeAll, describe, expect, it } from "vitest";
import { QuorateError, type ErrorCode } from "../../src/errors.js";
import type { Plan, Problem } from "../../src/plan/plan.js";
import { refused } from "../../src/plan/plan.js";
import type { Spec } from "../../src/spec/spec.js";
import { planOf, survey } from "../../src/survey.js";
import type { FakeMachine } from "../../src/testing/fake-machine.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { arrange, formOnce, type Formed } from "../laws/arrange.js";

async function planned(world: FakeWorld, spec: Spec = world.spec): Promise<Plan> {
  return planOf(spec, await survey(spec, world.session()));
}

interface Case {
  readonly label: string;
  readonly code: ErrorCode;
  readonly severity?: Problem["severity"];
  readonly spoil: (machine: FakeMachine) => void;
  readonly says?: RegExp;
  readonly spec?: Spec;
}

const machineCases: readonly Case[] = [
  { label: "an unknown architecture", code: "E_ARCH", spoil: (m) => (m.arch = "riscv64"), says: /riscv64/ },
  { label: "a login that is not root", code: "E_NOT_ROOT", spoil: (m) => (m.root = false) },
  { label: "a machine without systemd", code: "E_NO_SYSTEMD", spoil: (m) => (m.systemd = undefined), says: /PID 1/ },
  { label: "an old systemd", code: "E_NO_SYSTEMD", spoil: (m) => (m.systemd = 219), says: /219/ },
  {
    label: "no openssl where keys are made on the host",
    code: "E_NO_OPENSSL",
    spoil: (m) => (m.openssl = false),
    spec: sampleSpec({ keysOn: "host" }),
  },
  {
    label: "little memory",
    code: "E_MEMORY",
    severity: "warn",
    spoil: (m) => (m.memoryTotal = 300 * 2 ** 20),
    says: /300 MiB/,
  },
  { label: "a full disk", code: "E_NO_SPACE", spoil: (m) => (m.freeBytes = 10 * 2 ** 20), says: /10 MiB free/ },
  { label: "a read-only disk", code: "E_READ_ONLY", spoil: (m) => (m.readOnly = true) },
  { label: "a disk from which nothing may be run", code: "E_NOEXEC", spoil: (m) => (m.noExec = true) },
  { label: "a clock that is ahead", code: "E_CLOCK_SKEW", spoil: (m) => (m.clockSkew = 9_400), says: /9\.4 s ahead/ },
  {
    label: "a clock that is behind",
    code: "E_CLOCK_SKEW",
    spoil: (m) => (m.clockSkew = -3_600_000),
    says: /3600\.0 s behind/,
  },
  {
    label: "an address that is not the host's",
    code: "E_ADDRESS_NOT_HERE",
    spoil: (m) => (m.addresses = ["127.0.0.1", "10.0.0.1"]),
    says: /10\.64\.3\.8.*10\.0\.0\.1/,
  },
  {
    label: "a port that somebody has",
    code: "E_PORT_TAKEN",
    spoil: (m) => (m.strangers = [{ address: "0.0.0.0", port: 2379, pid: 812, command: "consul" }]),
    says: /2379 on b is taken by consul \(pid 812\)/,
  },
  {
    label: "the machine of another member",
    code: "E_SAME_MACHINE",
    spoil: (m) => (m.machineId = "machine-a"),
    says: /a and b are the same machine/,
  },
];

describe("a port", () => {
  it.each([
    ["that nobody can be named for may be free in a moment", undefined, true],
    ["that another program has stays taken", "consul", undefined],
  ])("%s", async (_, command, passing) => {
    const world = new FakeWorld(sampleSpec());
    world.machine("b").strangers = [
      { address: "0.0.0.0", port: 2379, pid: command === undefined ? undefined : 812, command },
    ];
    const [problem] = (await planned(world)).problems;
    expect(problem).toMatchObject({ code: "E_PORT_TAKEN", severity: "refuse" });
    expect(problem?.passing).toBe(passing);
  });
});

describe("a machine that is not fit", () => {
  it.each(machineCases)(
    "$label: $code",
    async ({ code, severity = "refuse", spoil, says = /b/, spec = sampleSpec() }) => {
      const world = new FakeWorld(spec);
      spoil(world.machine("b"));
      const plan = await planned(world);
      expect(plan.problems.length).toBeGreaterThan(0);
      for (const problem of plan.problems) {
        expect([problem.code, problem.severity, problem.member]).toEqual([code, severity, "b"]);
        expect(problem.message).toMatch(says);
      }
      expect(refused(plan)).toBe(severity === "refuse");
      expect(plan.stages.length > 0).toBe(severity !== "refuse");
    },
  );

  it("all of them at once, each named", async () => {
    const world = new FakeWorld(sampleSpec());
    const [a, b, c] = world.machines;
    if (a === undefined || b === undefined || c === undefined) throw new Error("three machines");
    a.arch = "mips";
    b.root = false;
    b.readOnly = true;
    c.clockSkew = 60_000;
    const codes = new Set((await planned(world)).problems.map((problem) => `${problem.member} ${problem.code}`));
    expect(codes).toEqual(new Set(["a E_ARCH", "b E_NOT_ROOT", "b E_READ_ONLY", "c E_CLOCK_SKEW"]));
  });

  it("is not judged again once its member runs, clocks apart", async () => {
    const world = await arrange(await formOnce(sampleSpec()), ["running", "running", "running"], true);
    for (const machine of world.machines)
      Object.assign(machine, { memoryTotal: 1, freeBytes: 0, noExec: true, systemd: 219 });
    expect((await planned(world)).problems).toEqual([]);
  });
});

describe("a host that does not answer", () => {
  it.each([
    "E_HOST_UNREACHABLE",
    "E_HOST_LOST",
    "E_HOST_SILENT",
    "E_SSH_REFUSED",
    "E_SSH_TIMEOUT",
    "E_SSH_NO_ROUTE",
  ] as const)("is left out when it is down: %s", async (code) => {
    const world = new FakeWorld(sampleSpec());
    const session = world.session();
    const seen = await survey(world.spec, session);
    const away = { reach: "unreachable" as const, error: new QuorateError(code, "c: no answer") };
    const plan = planOf(world.spec, { ...seen, seen: { ...seen.seen, hosts: { ...seen.seen.hosts, c: away } } });
    expect(plan.problems.map((problem) => [problem.code, problem.severity])).toEqual([[code, "degraded"]]);
    expect(new Set(plan.stages.flatMap(({ steps }) => steps.map(({ member }) => member)))).toEqual(new Set(["a", "b"]));
  });

  it.each(["E_SSH_HOST_KEY_CHANGED", "E_SSH_DENIED", "E_SSH_NAME"] as const)(
    "stops everything when the operator can settle it: %s",
    async (code) => {
      const world = new FakeWorld(sampleSpec());
      const seen = await survey(world.spec, world.session());
      const away = { reach: "unreachable" as const, error: new QuorateError(code, "c: no") };
      const plan = planOf(world.spec, { ...seen, seen: { ...seen.seen, hosts: { ...seen.seen.hosts, c: away } } });
      expect([refused(plan), plan.stages]).toEqual([true, []]);
    },
  );
});

describe("a cluster that runs otherwise than the file says", () => {
  let formed: Formed;
  beforeAll(async () => {
    formed = await formOnce(sampleSpec());
  });

  it.each<[string, Spec]>([
    ["another setting", sampleSpec({ settings: { "heartbeat-interval": "50" } })],
    ["another version", sampleSpec({ version: "3.5.31" })],
    ["more open files", { ...sampleSpec(), service: { ...sampleSpec().service, openFiles: 1_000_000 } }],
  ])("%s: nothing is in the way, and the members are restarted one by one, the leader last", async (_, spec) => {
    const world = await arrange(formed, ["running", "running", "running"], true);
    const plan = await planned(world, spec);
    expect(plan.problems.filter(({ severity }) => severity !== "warn")).toEqual([]);
    const steps = plan.stages.flatMap((stage) => stage.steps.map(({ kind, member }) => `${kind} ${member}`));
    expect(steps.slice(-4)).toEqual(["restart-member b", "restart-member c", "move-leader a", "restart-member a"]);
  });

  it("with a member that the file does not name: refused, until somebody says that it may go", async () => {
    const world = await arrange(formed, ["running", "running", "running"], true);
    const plan = await planned(world, sampleSpec({ members: 2 }));
    expect(plan.problems.map(({ code, severity }) => [code, severity])).toEqual([["E_MEMBERSHIP", "refuse"]]);
  });

  it("is not touched for a change that only a restart would bring, but may be started with it when it is stopped", async () => {
    const world = await arrange(formed, ["stopped", "stopped", "stopped"], true);
    const plan = await planned(world, sampleSpec({ settings: { "heartbeat-interval": "50" } }));
    expect(plan.problems).toEqual([]);
    expect(plan.stages.map(({ title }) => title)).toEqual([
      "prepare the hosts",
      "start the first member",
      "start the other members together",
    ]);
  });
});
