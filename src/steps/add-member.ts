import { withMember } from "../observe/facts.js";
import { quorum } from "../observe/quorum.js";
import { callDeadline, changeMembers, entryAt, heardByAll } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Tell the cluster of a member that is to come, as a learner: it counts for no quorum until it is promoted. */
export interface AddMember {
  readonly kind: "add-member";
  readonly member: string;
  readonly peerUrl: string;
}

export const addMember: StepKind<AddMember> = {
  kind: "add-member",
  risk: "membership",
  patience: 30_000,
  title: (step) => `add it to the cluster as a learner, at ${step.peerUrl}`,
  guard(step, now) {
    if (now.members[step.member]?.listed !== "absent") return undefined;
    if (quorum(now).spare < 0)
      return { code: "E_NO_QUORUM", message: "the cluster has no quorum, so it cannot add a member" };
    const learner = Object.entries(now.members).find(([, other]) => other.learner);
    if (learner === undefined) return undefined;
    return { code: "E_LEARNER_WAITS", message: `${learner[0]} is still a learner, and etcd allows one at a time` };
  },
  effect(step, now) {
    if (now.members[step.member]?.listed !== "absent") return now;
    return withMember(now, step.member, { listed: "unstarted", listedAt: step.peerUrl, learner: true });
  },
  async run(step, doing) {
    await changeMembers(
      doing,
      async () => (await entryAt(doing, step.peerUrl)) !== undefined,
      (leader) => leader.addLearner(step.peerUrl, callDeadline),
    );
    await heardByAll(doing, step.peerUrl);
  },
  inverse: ({ member, peerUrl }, before) =>
    before.members[member]?.listed === "absent" ? ({ kind: "remove-member", member, peerUrl } as const) : undefined,
};
