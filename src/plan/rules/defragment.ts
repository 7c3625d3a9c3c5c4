import type { Facts } from "../../observe/facts.js";
import { isVoter, quorum } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import { noUpkeep } from "../upkeep.js";
import type { Rule, WantedStage, Wish } from "../wish.js";
import { isFit, isFull } from "./fit.js";

/** Those for which it is worth a pause, or all when the operator says so. */
export const defragment: Rule = (wish, now) => inTurn(wish, now, ({ name }) => isWorthIt(wish, now, name));

export const isWorthIt = ({ upkeep = noUpkeep }: Wish, now: Facts, name: string): boolean =>
  upkeep.force || now.members[name]?.fragmented === "yes";

/** What was forgotten is given back only by writing each file anew, so here it is worth it for all. */
export const defragmentAll: Rule = (wish, now) => (isFull(now) ? inTurn(wish, now, () => true) : undefined);

/**
 * One at a time, since a member answers nobody meanwhile: followers first; the leader hands over to one that is done, and
 * goes last.
 */
function inTurn(wish: Wish, now: Facts, isMeant: (member: MemberSpec) => boolean): WantedStage | undefined {
  const done = now.defragmented ?? [];
  const open = wish.spec.members.filter(
    (member) => isOpen(now, member) && !done.includes(member.name) && isMeant(member),
  );
  const [next] = open.sort((a, b) => rank(now, a) - rank(now, b));
  if (next === undefined) return undefined;
  const heir = wish.spec.members.find((member) => !open.includes(member) && isFit(now, member.name));
  if (rank(now, next) === 1 && heir !== undefined) {
    const toPeerUrl = now.members[heir.name]?.listedAt ?? "";
    const step = { kind: "move-leader" as const, member: next.name, to: heir.name, toPeerUrl };
    return { title: `${next.name} leads, and hands over before it is defragmented`, steps: [step] };
  }
  const step = {
    kind: "defragment-member" as const,
    member: next.name,
    clientUrl: next.client.url,
    downtime: isDowntime(wish, now),
    force: (wish.upkeep ?? noUpkeep).force,
  };
  return { title: `defragment ${next.name}`, steps: [step] };
}

/** Nobody can stand in for a member that is alone; and while it is full, there is little to miss. */
export const isDowntime = ({ downtime, goal }: Wish, now: Facts): boolean =>
  quorum(now).spare < 1 && (downtime || (goal === "writable" && quorum(now).voters === 1));

/** Learners are not asked: etcd refuses it, and their files are new. */
function isOpen(now: Facts, { name }: MemberSpec): boolean {
  const member = now.members[name];
  return member !== undefined && isVoter(member) && member.serving === "yes" && member.reach === "yes";
}

const rank = (now: Facts, { name }: MemberSpec): number => (now.members[name]?.leader === true ? 1 : 0);
