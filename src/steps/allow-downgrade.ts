import type { Facts } from "../observe/facts.js";
import { isVoter } from "../observe/quorum.js";
import { callDeadline, leaderOf } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** Tell etcd that members of an older line are to come; each then writes its storage as that line reads it. */
export interface AllowDowngrade {
  readonly kind: "allow-downgrade";
  /** Who leads when this is planned. */
  readonly member: string;
  /** MAJOR.MINOR. */
  readonly line: string;
  /** Every member changes its storage. */
  readonly everyone: readonly string[];
}

export const allowDowngrade: StepKind<AllowDowngrade> = {
  kind: "allow-downgrade",
  risk: "data",
  patience: 120_000,
  title: (step) =>
    `allow members to go back to ${step.line}, and wait until all store their data as ${step.line} reads it`,
  others: (step) => step.everyone,
  final: () => "what only the newer line can store",
  guard: () => undefined,
  effect(step, now): Facts {
    const members = Object.entries(now.members).map(([name, member]) => [
      name,
      step.everyone.includes(name) &&
      isVoter(member) &&
      member.storage !== "" &&
      !member.version.startsWith(`${step.line}.`)
        ? { ...member, storage: step.line }
        : member,
    ]);
    return { ...now, downgrade: step.line, members: Object.fromEntries(members) as Facts["members"] };
  },
  async run(step, doing) {
    const { member } = await leaderOf(doing);
    await member.downgrade("validate", step.line, callDeadline);
    await member.downgrade("enable", step.line, callDeadline);
  },
};
