import type { Facts, MemberFacts } from "../../observe/facts.js";
import type { MemberSpec } from "../../spec/spec.js";
import { noUpkeep } from "../upkeep.js";
import type { Rule, WantedStage, Wish } from "../wish.js";
import { isFit } from "./fit.js";

const graceSeconds = 15;

/**
 * A member with wrong or broken data is struck off the list before its data is touched, and comes back as a new one: what
 * it has is kept under another name, and it takes everything from the others.
 */
export const expel: Rule = (wish, now) => {
  const { member, facts } = rebuilt(wish, now) ?? {};
  if (member === undefined || facts === undefined || !isBad(facts)) return undefined;
  const heir = wish.spec.members.find(
    (other) => other !== member && isFit(now, other.name) && now.members[other.name]?.corrupt !== true,
  );
  if (facts.leader && heir !== undefined) {
    const toPeerUrl = now.members[heir.name]?.listedAt ?? "";
    const step = { kind: "move-leader" as const, member: member.name, to: heir.name, toPeerUrl };
    return { title: `${member.name} leads, and hands over before it is removed`, steps: [step] };
  }
  const step = { kind: "remove-member" as const, member: member.name, peerUrl: facts.listedAt };
  return { title: `${member.name} has wrong data, and is removed`, steps: [step] };
};

/** What the cluster has removed stops, and its data is renamed. */
export const setAside: Rule = (wish, now) => {
  const { member, facts } = rebuilt(wish, now) ?? {};
  if (member === undefined || facts === undefined || facts.listed !== "absent") return undefined;
  const { data, wal } = member.paths;
  const stop =
    facts.process === "stopped"
      ? []
      : [{ kind: "stop-member" as const, member: member.name, unit: wish.spec.service.unit, graceSeconds }];
  const moves = [data, ...(wal === undefined ? [] : [wal])].map((path) => ({
    path,
    to: `${path}.aside-${wish.stamp}`,
  }));
  const move = facts.data === "absent" ? [] : [{ kind: "move-aside" as const, member: member.name, moves }];
  return { title: `stop ${member.name}, and keep its data under another name`, steps: [...stop, ...move] };
};

/** Of what a rule wants, the part that is about the member that is rebuilt. */
export const ofRebuilt =
  (rule: Rule): Rule =>
  (wish, now): WantedStage | undefined => {
    const wanted = rule(wish, now);
    const steps = (wanted?.steps ?? []).filter(({ member }) => member === wish.upkeep?.rebuild);
    return wanted === undefined || steps.length === 0 ? undefined : { title: wanted.title, steps };
  };

/** On the list as a voter, and either known to differ or of no use. */
export const isBad = ({ listed, learner, corrupt, serving }: MemberFacts): boolean =>
  listed === "started" && !learner && (corrupt === true || serving !== "yes");

function rebuilt(
  { spec, upkeep = noUpkeep }: Wish,
  now: Facts,
): { member: MemberSpec; facts: MemberFacts } | undefined {
  const member = spec.members.find(({ name }) => name === upkeep.rebuild);
  const facts = member === undefined ? undefined : now.members[member.name];
  return member === undefined || facts?.reach !== "yes" ? undefined : { member, facts };
}
