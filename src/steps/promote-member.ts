import { withMember } from "../observe/facts.js";
import { callDeadline, changeMembers, entryAt } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Make a learner a voter, once it has what the others have. */
export interface PromoteMember {
  readonly kind: "promote-member";
  readonly member: string;
  readonly peerUrl: string;
}

export const promoteMember: StepKind<PromoteMember> = {
  kind: "promote-member",
  risk: "membership",
  // Catching up takes as long as the database is large.
  patience: 3_600_000,
  title: () => "make it a voter, once it has caught up",
  guard(step, now) {
    const member = now.members[step.member];
    if (member?.serving === "yes" && member.caughtUp === "yes") return undefined;
    return { code: "E_NOT_CAUGHT_UP", message: `${step.member} has not caught up with the others yet` };
  },
  // The guard has waited until it has caught up.
  effect: (step, now) => withMember(now, step.member, { learner: false, serving: "yes", caughtUp: "yes" }),
  run: (step, doing) =>
    changeMembers(
      doing,
      async () => (await entryAt(doing, step.peerUrl))?.isLearner === false,
      async (leader) => {
        const entry = await entryAt(doing, step.peerUrl);
        if (entry !== undefined) await leader.promoteMember(entry.id, callDeadline);
      },
    ),
};
