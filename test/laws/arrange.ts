/** Small worlds put together from every state that a member can be found in. */
import { FakeLedger } from "../../src/testing/fake-ledger.js";
import { placeOf, readIdentity, writeIdentity } from "../../src/testing/fake-identity.js";
import type { FakeEtcd } from "../../src/testing/fake-etcd.js";
import type { FakeFiles } from "../../src/testing/fake-files.js";
import type { FakeMachine } from "../../src/testing/fake-machine.js";
import { FakeWorld, type FakeOperator } from "../../src/testing/fake-world.js";
import { attempt } from "../../src/testing/attempt.js";
import { plannedClusterId } from "../../src/observe/facts-of.js";
import type { Spec } from "../../src/spec/spec.js";

/** A cluster that has come up, as it stood when its hosts were prepared and when it was done. */
export interface Formed {
  readonly spec: Spec;
  readonly operator: FakeOperator;
  readonly prepared: ReadonlyMap<string, FakeFiles>;
  readonly done: ReadonlyMap<string, FakeFiles>;
  readonly had: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function formOnce(spec: Spec): Promise<Formed> {
  const world = new FakeWorld(spec);
  const copies = (): Map<string, FakeFiles> => new Map(world.machines.map(({ name, files }) => [name, files.copy()]));
  let prepared = copies();
  await attempt(world, {
    onEvent: (event) => (event.type === "stage-done" && event.stage === 0 ? (prepared = copies()) : undefined),
  });
  return {
    spec,
    operator: world.operator,
    prepared,
    done: copies(),
    had: new Map(world.machines.map(({ name, had }) => [name, new Set(had)])),
  };
}

type Put = (machine: FakeMachine, formed: Formed, etcd: FakeEtcd) => void;

const wasPrepared: Put = (machine, { prepared }) => {
  machine.files = prepared.get(machine.name)?.copy() ?? machine.files;
  machine.users.add(machine.supervisor.unit.user);
  machine.supervisor.reload();
  machine.supervisor.enable(machine.supervisor.unit.name);
};

const wasMember: Put = (machine, formed, etcd) => {
  wasPrepared(machine, formed, etcd);
  machine.files = formed.done.get(machine.name)?.copy() ?? machine.files;
  for (const identity of formed.had.get(machine.name) ?? []) machine.had.add(identity);
  const identity = readIdentity(machine.files, placeOf(machine.member));
  if (identity !== undefined) etcd.remember(identity, machine.member.client.url);
};

const runs: Put = (machine, formed, etcd) => {
  wasMember(machine, formed, etcd);
  machine.supervisor.start(machine.supervisor.unit.name);
};

const forgetMark = (machine: FakeMachine): void => machine.files.remove(`${machine.member.paths.state}/member.json`);

const own = { mode: "0644", owner: "root", group: "root" };

/** Each state of a member, and how a machine is put into it. */
export const states = {
  fresh: () => undefined,
  prepared: wasPrepared,
  "half prepared": (machine, formed, etcd) => {
    wasPrepared(machine, formed, etcd);
    machine.files.remove(machine.member.paths.unit);
    machine.files.remove(`${machine.member.paths.binaries}/current`);
    machine.files.remove(machine.member.paths.data);
    machine.supervisor.reload();
  },
  stopped: wasMember,
  running: runs,
  "running unmarked": (machine, formed, etcd) => {
    runs(machine, formed, etcd);
    forgetMark(machine);
  },
  "running drifted": (machine, formed, etcd) => {
    runs(machine, formed, etcd);
    machine.files.write(machine.member.paths.unit, "# mine\n", own);
  },
  failed: (machine, formed, etcd) => {
    wasMember(machine, formed, etcd);
    machine.supervisor.sabotage = ["panic"];
    machine.supervisor.start(machine.supervisor.unit.name);
    machine.supervisor.sabotage = undefined;
  },
  away: (machine) => {
    machine.reachable = false;
  },
  "away running": (machine, formed, etcd) => {
    runs(machine, formed, etcd);
    machine.reachable = false;
  },
  "foreign data": (machine, formed, etcd) => {
    wasPrepared(machine, formed, etcd);
    writeIdentity(
      machine.files,
      placeOf(machine.member),
      { clusterId: "c0ffee", memberId: "f00d", voters: [] },
      { owner: "root", group: "root" },
    );
  },
  "data lost": (machine, formed, etcd) => {
    wasMember(machine, formed, etcd);
    machine.loseData();
  },
  "data and mark lost": (machine, formed, etcd) => {
    wasMember(machine, formed, etcd);
    machine.loseData();
    forgetMark(machine);
  },
} satisfies Record<string, Put>;

export type State = keyof typeof states;

export const stateNames = Object.keys(states) as State[];

/** @param known the operator's records say that the cluster was formed */
export async function arrange(formed: Formed, wanted: readonly State[], known: boolean): Promise<FakeWorld> {
  const { authority, release } = formed.operator;
  const ledger = new FakeLedger();
  const world = new FakeWorld(formed.spec, { authority, release, ledger });
  if (known) await ledger.recordFormed({ clusterId: plannedClusterId(formed.spec), at: "2026-11-22T10:00:00.000Z" });
  for (const [index, machine] of world.machines.entries()) {
    const put: Put = states[wanted[index] ?? "fresh"];
    put(machine, formed, world.etcd);
  }
  world.etcd.settle();
  world.clock.advance(10_000);
  return world;
}

/** Every way to give each of n members one of the states. */
export function allOf(n: number): State[][] {
  return n === 0 ? [[]] : allOf(n - 1).flatMap((rest) => stateNames.map((state) => [...rest, state]));
}
