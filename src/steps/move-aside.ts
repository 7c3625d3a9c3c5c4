import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** Rename data that is in the way. Only ever planned when the operator names the member; nothing is deleted. */
export interface MoveAside {
  readonly kind: "move-aside";
  readonly member: string;
  readonly path: string;
  readonly to: string;
}

export const moveAside: StepKind<MoveAside> = {
  kind: "move-aside",
  risk: "data",
  patience: 30_000,
  title: (step) => `move ${step.path} aside to ${step.to}`,
  guard(step, now) {
    if (now.members[step.member]?.process !== "up") return undefined;
    return { code: "E_REFUSED", message: `${step.member} runs; its data cannot be moved` };
  },
  effect: (step, now) => withMember(now, step.member, { data: "absent" }),
  async run(step, { world }) {
    await world.host(step.member).act([{ do: "move-aside", path: step.path, to: step.to }]);
  },
};
