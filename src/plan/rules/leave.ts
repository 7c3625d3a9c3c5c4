/** Members that are to go: dead ones before anything is added, living ones when there are more voters than wanted. */
import type { Facts, MemberFacts } from "../../observe/facts.js";
import { trustRoot } from "../../observe/question.js";
import { answeringQuorum, isLive, isVoter } from "../../observe/quorum.js";
import { homeOf } from "../../spec/former.js";
import type { Rule, WantedStage, Wish } from "../wish.js";
import { isAnnouncedElsewhere } from "./readdress.js";

const graceSeconds = 15;

/**
 * A member that will not come back raises the number that must agree and adds nothing to it; so it is removed first. Of
 * the wanted ones that is one whose disk came back empty: it has forgotten what it acknowledged, and comes back as a new
 * one. It is left alone as long as its host, or that of whoever takes its place, is not there.
 */
export const dropDead: Rule = (wish, now) => {
  if (answeringQuorum(now).spare < 0) return undefined;
  for (const [name, member] of Object.entries(now.members)) {
    if (!isDead(wish, name, member) || !mayGo(now, name)) continue;
    if (member.place !== "wanted" && !isReplaceable(wish, now)) continue;
    return remove(name, member, sayDead(name, member));
  }
  return undefined;
};

/** One at a time, and only while the cluster has more voters than it is to have, so that it never has fewer. */
export const leave: Rule = (wish, now) => {
  const leaving = Object.entries(now.members).filter(
    ([name, member]) => isUnwanted(wish, name, member) && member.listed !== "absent" && member.listed !== "unknown",
  );
  const learner = leaving.find(([, member]) => member.learner);
  if (answeringQuorum(now).spare < 0) return undefined;
  if (learner !== undefined) return remove(...learner, `${learner[0]} is not wanted any more`);
  const voters = Object.values(now.members).filter(isVoter).length;
  const toCome = wish.spec.members.some(({ name }) => isToCome(now.members[name]));
  if (toCome && voters <= wish.spec.members.length) return undefined;
  const [next] = leaving.sort(([, a], [, b]) => rank(a) - rank(b));
  if (next === undefined || !mayGo(now, next[0]) || takesLastSpare(now, next[0])) return undefined;
  const [name, member] = next;
  const heir = wish.spec.members.find(({ name: other }) => isFit(now.members[other]));
  if (member.leader && heir !== undefined) {
    const toPeerUrl = now.members[heir.name]?.listedAt ?? "";
    const step = { kind: "move-leader" as const, member: name, to: heir.name, toPeerUrl };
    return { title: `${name} leads, and hands over before it leaves`, steps: [step] };
  }
  return remove(name, member, `${name} leaves the cluster`);
};

/** What the cluster has removed is cleared away on its host. */
export const retire: Rule = ({ spec, stamp }, now) => {
  const steps = spec.former
    .filter(({ name }) => {
      const member = now.members[name];
      return (
        member?.reach === "yes" && member.listed === "absent" && (member.unit !== "absent" || member.data !== "absent")
      );
    })
    .map((member) => ({
      kind: "retire-member" as const,
      member: member.name,
      unit: spec.service.unit,
      unitPath: member.paths.unit,
      graceSeconds,
      moves: [member.paths.data, ...(member.paths.wal === undefined ? [] : [member.paths.wal])].map((path) => ({
        path,
        to: `${path}.removed-${stamp}`,
      })),
      trust: spec.tls === undefined ? undefined : trustRoot(spec, member),
      state: member.paths.state,
    }));
  return { title: "clear the hosts of members that have left", steps };
};

/** A host that will not come back is not waited for any longer, when the operator says so. */
export const forget: Rule = ({ spec, remove: told }, now) => {
  const steps = spec.former
    .filter(({ name }) => told.includes(name) && isAway(now, name) && now.forgotten?.includes(name) !== true)
    .map((member) => ({ kind: "forget-member" as const, member: member.name, home: homeOf(member) }));
  return { title: "forget hosts that will not come back", steps };
};

/** It has left, and nobody can say what is still on its host. */
export function isAway(now: Facts, name: string): boolean {
  const member = now.members[name];
  return member?.place === "former" && member.listed === "absent" && member.reach !== "yes";
}

const remove = (name: string, member: MemberFacts, title: string): WantedStage => ({
  title,
  steps: [{ kind: "remove-member" as const, member: name, peerUrl: member.listedAt }],
});

/** The file does not name it, and either quorate put it there or the operator said that it may go. */
export const isUnwanted = ({ remove: told }: Wish, name: string, { place, listed }: MemberFacts): boolean =>
  place === "former" || (place === "stranger" && (told.includes(name) || listed === "unstarted"));

function isDead(wish: Wish, name: string, member: MemberFacts): boolean {
  if (member.listed === "absent" || member.listed === "unknown" || isLive(member)) return false;
  if (member.place !== "wanted") return isUnwanted(wish, name, member);
  if (member.reach !== "yes" || member.data !== "absent") return false;
  const spec = wish.spec.members.find((one) => one.name === name);
  return member.listed === "started" || (spec !== undefined && isAnnouncedElsewhere(member, spec));
}

const sayDead = (name: string, { place, listed }: MemberFacts): string =>
  place !== "wanted"
    ? `${name} is gone`
    : listed === "started"
      ? `${name} has lost its data`
      : `${name} was to come at another address`;

/** The voters that remain have their quorum without it. */
function mayGo(now: Facts, name: string): boolean {
  const others = without(now, name);
  return answeringQuorum(others).spare >= 0 && Object.values(others.members).some(isVoter);
}

/** While another is down there would be nobody to spare any more; that one is to be brought back, or let go, first. */
function takesLastSpare(now: Facts, name: string): boolean {
  const { voters, live, spare } = answeringQuorum(now);
  const after = answeringQuorum(without(now, name));
  return live < voters && spare >= 1 && after.spare < 1 && after.live < after.voters;
}

function without(now: Facts, name: string): Facts {
  return { ...now, members: Object.fromEntries(Object.entries(now.members).filter(([other]) => other !== name)) };
}

/** Who answers nobody goes first, and who leads goes last. */
const rank = ({ leader, serving }: MemberFacts): number => (leader ? 2 : serving === "yes" ? 1 : 0);

const isFit = (member: MemberFacts | undefined): boolean =>
  member !== undefined && isVoter(member) && member.serving === "yes" && member.caughtUp === "yes";

const isToCome = (member: MemberFacts | undefined): boolean =>
  member !== undefined && (member.listed === "absent" || member.learner);

/** Somebody can take its place, if anybody is to, so that the cluster is not left smaller for nothing. */
function isReplaceable({ spec }: Wish, now: Facts): boolean {
  const toCome = spec.members.filter(({ name }) => now.members[name]?.listed === "absent");
  return toCome.length === 0 || toCome.some(({ name }) => now.members[name]?.reach === "yes");
}
