import { homeOf } from "../spec/former.js";
import type { StepKind } from "./step.js";

/** Nobody looks for a member any more that has left, and whose host will not come back. */
export interface ForgetMember {
  readonly kind: "forget-member";
  readonly member: string;
  /** Where the operator's records have it. */
  readonly home: string;
}

export const forgetMember: StepKind<ForgetMember> = {
  kind: "forget-member",
  risk: "none",
  patience: 10_000,
  title: () => "forget its host: what is left there is no longer looked for",
  final: () => "that quorate knows of it",
  guard(step, now) {
    if (now.members[step.member]?.listed === "absent") return undefined;
    return { code: "E_MEMBERSHIP", message: `the cluster still counts on ${step.member}` };
  },
  effect(step, now) {
    const before = now.forgotten ?? [];
    return before.includes(step.member) ? now : { ...now, forgotten: [...before, step.member].sort() };
  },
  async run(step, { world }) {
    const roster = await world.ledger.roster();
    await world.ledger.recordRoster(roster.filter((member) => homeOf(member) !== step.home));
  },
};
