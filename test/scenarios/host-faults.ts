/** What can happen to a simulated host, and how it ends. */
import type { FakeMachine } from "../../src/testing/fake-machine.js";

export interface HostFault {
  readonly label: string;
  strike(machine: FakeMachine): void;
  lift(machine: FakeMachine): void;
}

export const losesPower = (label: string): HostFault => ({
  label,
  strike: (machine) => machine.powerOff(),
  lift: (machine) => machine.powerOn(),
});

/** Whoever held the lock holds it no longer. */
export const cutOff = (label: string): HostFault => ({
  label,
  strike(machine) {
    machine.reachable = false;
    machine.lock = undefined;
  },
  lift(machine) {
    machine.reachable = true;
  },
});
