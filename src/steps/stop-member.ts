import { silent, withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** SIGTERM, a grace time in which a leader hands over, then SIGKILL. The data stays. */
export interface StopMember {
  readonly kind: "stop-member";
  readonly member: string;
  readonly unit: string;
  readonly graceSeconds: number;
}

export const stopMember: StepKind<StopMember> = {
  kind: "stop-member",
  risk: "restart",
  patience: 60_000,
  title: () => "stop etcd",
  guard: () => undefined,
  effect: (step, now) => withMember(now, step.member, { process: "stopped", config: "", peer: "unknown", ...silent }),
  async run(step, { world }) {
    await world.host(step.member).act([{ do: "stop", unit: step.unit, graceSeconds: step.graceSeconds }]);
  },
};
