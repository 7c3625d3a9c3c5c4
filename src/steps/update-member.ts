import { withMember } from "../observe/facts.js";
import { callDeadline, changeMembers, entryAt } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Tell the cluster that a member is reached elsewhere from now on. It keeps its identity and its data. */
export interface UpdateMember {
  readonly kind: "update-member";
  readonly member: string;
  readonly from: string;
  readonly to: string;
}

export const updateMember: StepKind<UpdateMember> = {
  kind: "update-member",
  risk: "membership",
  patience: 30_000,
  title: (step) => `tell the cluster that it is reached at ${step.to}, no longer at ${step.from}`,
  guard(step, now) {
    // Below 3.5.31 and 3.6.12 an update promotes a learner silently (etcd-io/etcd#21694).
    if (now.members[step.member]?.learner !== true) return undefined;
    return { code: "E_LEARNER_WAITS", message: `${step.member} is still a learner; it can move when it is a voter` };
  },
  effect: (step, now) => withMember(now, step.member, { listedAt: step.to }),
  run: (step, doing) =>
    changeMembers(
      doing,
      async () => (await entryAt(doing, step.to)) !== undefined,
      async (leader) => {
        const entry = await entryAt(doing, step.from);
        if (entry !== undefined) await leader.updateMember(entry.id, step.to, callDeadline);
      },
    ),
  inverse: ({ member, from, to }, before) =>
    before.members[member]?.listedAt === from
      ? ({ kind: "update-member", member, from: to, to: from } as const)
      : undefined,
};
