import { withMember } from "../observe/facts.js";
import { entryAt, leaderOf } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Hand leadership over, which clients do not notice, rather than lose it, which costs them an election. */
export interface MoveLeader {
  readonly kind: "move-leader";
  /** Who leads now. */
  readonly member: string;
  readonly to: string;
  readonly toPeerUrl: string;
}

/** Milliseconds; etcd looks once a tick whether the transfer is done and gives up after an election timeout. */
const deadline = 5_000;

export const moveLeader: StepKind<MoveLeader> = {
  kind: "move-leader",
  risk: "restart",
  patience: 30_000,
  title: (step) => `hand leadership over to ${step.to}`,
  others: (step) => [step.to],
  guard(step, now) {
    const to = now.members[step.to];
    if (now.members[step.member]?.leader !== true) return undefined;
    if (to?.serving === "yes" && to.caughtUp === "yes" && !to.learner) return undefined;
    return { code: "E_NOT_CAUGHT_UP", message: `${step.to} is not ready to lead` };
  },
  effect(step, now) {
    const away = withMember(now, step.member, { leader: false });
    const led = Object.values(away.members).some(({ leader }) => leader);
    return led ? away : withMember(away, step.to, { leader: true });
  },
  async run(step, doing) {
    const target = await entryAt(doing, step.toPeerUrl);
    const { member, id } = await leaderOf(doing);
    if (target === undefined || target.id === id) return;
    await member.moveLeader(target.id, deadline);
  },
};
