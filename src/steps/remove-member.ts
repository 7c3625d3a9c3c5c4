import { withMember } from "../observe/facts.js";
import { isLive, isVoter, quorumOf } from "../observe/quorum.js";
import { callDeadline, changeMembers, entryAt } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Strike a member off the cluster's list. It may never come back under this identity; its process ends by itself. */
export interface RemoveMember {
  readonly kind: "remove-member";
  readonly member: string;
  readonly peerUrl: string;
}

export const removeMember: StepKind<RemoveMember> = {
  kind: "remove-member",
  risk: "membership",
  patience: 30_000,
  title: (step) => `remove it from the cluster (${step.peerUrl})`,
  final: () => "its identity: added again, it is a new member",
  guard(step, now) {
    const others = Object.entries(now.members).filter(([name, member]) => name !== step.member && isVoter(member));
    const live = others.filter(([, member]) => isLive(member)).length;
    const needed = quorumOf(others.length);
    if (live >= needed && others.length > 0) return undefined;
    const message = `without ${step.member} ${live} of ${others.length} voters run, and ${needed} are needed`;
    return { code: "E_NO_SPARE", message };
  },
  effect: (step, now) =>
    withMember(now, step.member, { listed: "absent", listedAt: "", learner: false, leader: false, corrupt: undefined }),
  run: (step, doing) =>
    changeMembers(
      doing,
      async () => (await entryAt(doing, step.peerUrl)) === undefined,
      async (leader) => {
        const entry = await entryAt(doing, step.peerUrl);
        if (entry !== undefined) await leader.removeMember(entry.id, callDeadline);
      },
    ),
};
