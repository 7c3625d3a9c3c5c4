/**
 * A whole world in memory: machines, the etcd on them, and operators whose records outlive their runs. Each run of
 * quorate is a session; killing one frees what it held and stops it wherever it is.
 */
import { invariant } from "../errors.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { FakeAuthority } from "./fake-authority.js";
import { fakeCluster } from "./fake-cluster.js";
import { FakeClock } from "./fake-clock.js";
import { FakeEtcd } from "./fake-etcd.js";
import { FakeHost } from "./fake-host.js";
import { FakeLedger } from "./fake-ledger.js";
import { FakeMachine } from "./fake-machine.js";
import { FakeRelease } from "./fake-release.js";
import { Killed } from "./killed.js";

export interface FakeOperator {
  readonly ledger: FakeLedger;
  readonly authority: FakeAuthority;
  readonly release: FakeRelease;
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
  readonly machines: readonly FakeMachine[];
  readonly etcd: FakeEtcd;
  /** Whoever sits at the first laptop. */
  readonly operator: FakeOperator;

  constructor(spec: Spec, operator = fakeOperator()) {
    this.spec = spec;
    this.operator = operator;
    this.machines = spec.members.map((member) => new FakeMachine(spec, member, () => this.clock.now()));
    this.etcd = new FakeEtcd(this.machines, this.clock);
  }

  machine(name: string): FakeMachine {
    const machine = this.machines.find((candidate) => candidate.name === name);
    invariant(machine !== undefined, `no fake machine is called ${name}`);
    return machine;
  }

  session(operator: FakeOperator = this.operator): FakeSession {
    let killed = false;
    const alive = (): void => {
      if (killed) throw new Killed();
    };
    const hosts = new Map<string, FakeHost>();
    const open = (name: string): FakeHost => {
      const machine = this.machine(name);
      const ready = (): boolean =>
        machine.supervisor.process !== undefined && this.etcd.serves(machine.supervisor.process);
      const host = hosts.get(name) ?? new FakeHost({ machine, clock: this.clock, ready, alive });
      hosts.set(name, host);
      return host;
    };
    const letGo = (): void => {
      for (const host of hosts.values()) host.letGo();
    };
    const authority = whileAlive(operator.authority, alive);
    return {
      host: open,
      cluster: fakeCluster(this.etcd, authority, alive),
      authority,
      release: whileAlive(operator.release, alive),
      ledger: whileAlive(operator.ledger, alive),
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
