import type { Facts, MemberFacts } from "../../observe/facts.js";
import { answeringQuorum, isVoter, quorum } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import { desiredOf } from "../desired.js";
import { goalOf, settled } from "../goal-version.js";
import type { UpdateMember } from "../../steps/update-member.js";
import { isBehind } from "./roll.js";
import type { Rule, Wish } from "../wish.js";

/** Seconds that a member has for handing over leadership and closing its files. */
const graceSeconds = 30;

/**
 * A member whose machine got another address keeps its identity and its data: the cluster is told, and it is started
 * with the new address. One at a time, since it is cut off in between, and the leader last, after it has handed over.
 * One that does not run yet, or runs there already, is cut off from nothing.
 */
export const readdress: Rule = (wish, now) => {
  const there = wish.spec.members.find((member) => waitsForList(now, member) || isThere(wish, now, member));
  if (there !== undefined) return { title: `${there.name} is found at ${there.peer.url}`, steps: [tell(now, there)] };
  if (quorum(now).spare < (wish.downtime ? 0 : 1) || answeringQuorum(now).spare < 0) return undefined;
  const moved = wish.spec.members.filter((member) => hasMoved(now, member) && isFree(now, member.peer.url));
  const [next] = moved.sort((a, b) => rank(now, a) - rank(now, b));
  if (next === undefined) return undefined;
  // Once the others dial its new address it has to come up there, so nothing may keep it from being restarted.
  const downtime = wish.downtime && quorum(now).spare < 1;
  if (!downtime && Object.entries(now.members).some(([name, other]) => name !== next.name && isLame(other)))
    return undefined;
  const leads = now.members[next.name]?.leader === true;
  // It would hand over to one that is still to be restarted.
  if (leads && settled(wish, now) && wish.spec.members.some((other) => other !== next && isBehind(wish, now, other)))
    return undefined;
  const heir = leads ? heirOf(wish, now, next) : undefined;
  if (heir !== undefined) {
    const toPeerUrl = now.members[heir.name]?.listedAt ?? "";
    const step = { kind: "move-leader" as const, member: next.name, to: heir.name, toPeerUrl };
    return { title: `${next.name} leads, and hands over before it moves`, steps: [step] };
  }
  return { title: `${next.name} moves to ${next.peer.url}`, steps: move(wish, now, next) };
};

function move(wish: Wish, now: Facts, member: MemberSpec): NonNullable<ReturnType<Rule>>["steps"] {
  return [
    tell(now, member),
    {
      kind: "restart-member",
      member: member.name,
      unit: wish.spec.service.unit,
      ...wantedOf(wish, now, member),
      graceSeconds,
      why: `it is at ${member.peer.url} now`,
      downtime: wish.downtime && quorum(now).spare < 1,
    },
  ];
}

const tell = (now: Facts, { name, peer }: MemberSpec): UpdateMember => ({
  kind: "update-member",
  member: name,
  from: now.members[name]?.listedAt ?? "",
  to: peer.url,
});

function wantedOf(wish: Wish, now: Facts, member: MemberSpec): { config: string; version: string } {
  const { spec, version } = goalOf(wish, now, member);
  return { version, config: desiredOf(spec, member, version, now.members[member.name]?.arch ?? "").config };
}

/** It moved while it was down. The others are told before it is started, so that they find it when it comes up. */
export function waitsForList(now: Facts, member: MemberSpec): boolean {
  const facts = now.members[member.name];
  if (facts === undefined || !canBeTold(now, member, facts)) return false;
  return facts.process === "stopped" || facts.process === "failed";
}

/** It was started at its new address while nobody could be told. */
function isThere(wish: Wish, now: Facts, member: MemberSpec): boolean {
  const facts = now.members[member.name];
  if (facts === undefined || !canBeTold(now, member, facts)) return false;
  return facts.process === "up" && facts.serving === "yes" && facts.config === wantedOf(wish, now, member).config;
}

function canBeTold(now: Facts, { peer }: MemberSpec, facts: MemberFacts): boolean {
  if (facts.listedAt === "" || facts.listedAt === peer.url || facts.learner || facts.data !== "ours") return false;
  return facts.reach === "yes" && isFree(now, peer.url) && answeringQuorum(now).spare >= 0;
}

/** A new one comes up only at the address that the list has for it, and a learner is given no other. */
export const isAnnouncedElsewhere = ({ listed, listedAt, data }: MemberFacts, { peer }: MemberSpec): boolean =>
  listed === "unstarted" && data === "absent" && listedAt !== "" && listedAt !== peer.url;

function hasMoved(now: Facts, { name, peer }: MemberSpec): boolean {
  const member = now.members[name];
  if (member === undefined || member.listedAt === "" || member.listedAt === peer.url) return false;
  return member.reach === "yes" && member.data === "ours" && member.process === "up" && !member.learner;
}

/** Nobody else is listed there: members that pass an address on move in that order. */
const isFree = (now: Facts, url: string): boolean =>
  Object.values(now.members).every(({ listedAt }) => listedAt !== url);

const rank = (now: Facts, { name }: MemberSpec): number => (now.members[name]?.leader === true ? 1 : 0);

const isLame = (member: MemberFacts): boolean =>
  isVoter(member) && (member.serving !== "yes" || member.caughtUp !== "yes");

/** A voter that is where it belongs. */
function heirOf(wish: Wish, now: Facts, leader: MemberSpec): MemberSpec | undefined {
  return wish.spec.members.find((member) => {
    const facts = now.members[member.name];
    if (member === leader || facts === undefined || !isVoter(facts) || hasMoved(now, member)) return false;
    return facts.serving === "yes" && facts.caughtUp === "yes";
  });
}
