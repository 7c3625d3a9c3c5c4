/**
 * A whole world in memory: machines, the etcd on them, and operators whose records outlive their runs. Each run of
 * quorate is a session; killing one frees what it held and stops it wherever it is.
 */
import { invariant } from "../errors.js";
import { withFormer } from "../spec/former.js";
import { everyone, type MemberSpec, type Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { FakeAuthority } from "./fake-authority.js";
import { fakeCluster } from "./fake-cluster.js";
import { FakeClock } from "./fake-clock.js";
import { FakeEtcd } from "./fake-etcd.js";
import { FakeHost } from "./fake-host.js";
import { FakeLedger } from "./fake-ledger.js";
import { destinationOf, FakeMachine } from "./fake-machine.js";
import { FakePasswords } from "./fake-passwords.js";
import { FakeRelease } from "./fake-release.js";
import { Killed } from "./killed.js";

export interface FakeOperator {
  readonly ledger: FakeLedger;
  readonly authority: FakeAuthority;
  readonly release: FakeRelease;
  /** Those of etcd's users; made at first use. */
  passwords?: FakePasswords;
}

export const fakeOperator = (name = "ours"): FakeOperator => ({
  ledger: new FakeLedger(),
  authority: new FakeAuthority(name),
  release: new FakeRelease(),
});

export interface FakeSession extends World {
  /** SIGKILL: nothing more is done, and the hosts free what it held. */
  kill(): void;
}

export class FakeWorld {
  readonly spec: Spec;
  readonly clock = new FakeClock();
  readonly #machines: FakeMachine[] = [];
  readonly etcd = new FakeEtcd(this.#machines, this.clock);
  /** Whoever sits at the first laptop. */
  readonly operator: FakeOperator;

  constructor(spec: Spec, operator = fakeOperator()) {
    this.spec = spec;
    this.operator = operator;
    this.add(spec);
  }

  get machines(): readonly FakeMachine[] {
    return this.#machines;
  }

  /** Machines for the members of a spec that live where there is none yet. */
  add(spec: Spec): void {
    for (const member of spec.members) {
      if (this.#at(destinationOf(member)) !== undefined) continue;
      const machine = new FakeMachine(spec, member, () => this.clock.now());
      this.#machines.push(machine);
      this.etcd.wire(machine);
    }
  }

  /** By the name that its member had first. */
  readonly machine = (name: string): FakeMachine => {
    const machine = this.#machines.find((candidate) => candidate.name === name);
    invariant(machine !== undefined, `no fake machine is called ${name}`);
    return machine;
  };

  #at(destination: string): FakeMachine | undefined {
    return this.#machines.find((machine) => machine.destination === destination);
  }

  /** Where ssh leads to; nobody answers where no machine is. */
  #homeOf(spec: Spec, member: MemberSpec): FakeMachine {
    const home = this.#at(destinationOf(member));
    if (home !== undefined) return home;
    const nowhere = new FakeMachine(spec, member, () => this.clock.now());
    nowhere.powered = false;
    return nowhere;
  }

  /** @param spec what the operator's file says now */
  session(operator: FakeOperator = this.operator, spec: Spec = this.spec): FakeSession {
    let killed = false;
    const alive = (): void => {
      if (killed) throw new Killed();
    };
    operator.ledger.clock = this.clock;
    operator.authority.serve(spec);
    const members = everyone(withFormer(spec, operator.ledger.known));
    const hosts = new Map<string, FakeHost>();
    const open = (name: string): FakeHost => {
      const member = members.find((candidate) => candidate.name === name);
      invariant(member !== undefined, `a host was asked for that is no member: ${name}`);
      const machine = this.#homeOf(spec, member);
      const ready = (): boolean =>
        machine.supervisor.process !== undefined && this.etcd.serves(machine.supervisor.process);
      const host = hosts.get(name) ?? new FakeHost({ name, machine, clock: this.clock, ready, alive });
      hosts.set(name, host);
      return host;
    };
    const letGo = (): void => {
      for (const host of hosts.values()) host.letGo();
    };
    const authority = whileAlive(operator.authority, alive);
    return {
      host: open,
      cluster: fakeCluster({ etcd: this.etcd, authority, now: () => this.clock.now(), alive }),
      authority,
      release: whileAlive(operator.release, alive),
      ledger: whileAlive(operator.ledger, alive),
      passwords: whileAlive((operator.passwords ??= new FakePasswords()), alive),
      clock: {
        now: () => this.clock.now(),
        sleep: async (milliseconds, signal) => {
          await this.clock.sleep(milliseconds, signal);
          alive();
        },
      },
      close: async () => letGo(),
      kill() {
        killed = true;
        letGo();
      },
    };
  }
}

/** The same object, whose methods fail once nobody is alive to call them. */
function whileAlive<T extends object>(target: T, alive: () => void): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object);
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]): unknown => {
        alive();
        return Reflect.apply(value, object, parameters) as unknown;
      };
    },
  });
}
