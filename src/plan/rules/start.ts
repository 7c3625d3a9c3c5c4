import type { Facts, MemberFacts } from "../../observe/facts.js";
import { quorum } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import type { StartMember } from "../../steps/start-member.js";
import { joiningText } from "../bootstrap.js";
import { desiredOf } from "../desired.js";
import { goalOf } from "../goal-version.js";
import type { Rule, Wish } from "../wish.js";
import { isAnnouncedElsewhere, waitsForList } from "./readdress.js";

/**
 * While no quorum runs, the member with the lowest peer URL goes first and the rest follow when its peer port answers: a
 * fresh etcd asks every peer URL in ascending order whether the cluster exists already, and a neighbour that listens
 * but does not serve yet costs a whole second (server/etcdserver isMemberBootstrapped).
 */
export const startFirst: Rule = (wish, now) => {
  if (quorum(now).spare >= 0) return undefined;
  const order = [...wish.spec.members].sort((a, b) => (a.peer.url < b.peer.url ? -1 : 1));
  const startable = order.filter((member) => canStart(now, member) && !isLearner(now, member));
  const first = startable[0];
  const someoneRuns = order.some((member) => now.members[member.name]?.process === "up");
  if (first === undefined || someoneRuns) return undefined;
  return { title: "start the first member", steps: [start(wish, now, first)] };
};

export const startRest: Rule = (wish, now) => {
  const forming = quorum(now).spare < 0;
  const startable = wish.spec.members.filter(
    (member) => canStart(now, member) && !waitsForList(now, member) && !(forming && isLearner(now, member)),
  );
  if (startable.length === 0) return undefined;
  const together = forming ? startable : startable.slice(0, 1);
  return {
    title: forming ? "start the other members together" : "start a stopped member",
    steps: together
      .map((member) => start(wish, now, member))
      .map((step) => (forming && step.bootstrap !== undefined ? { ...step, together: true } : step)),
  };
};

/** It has to ask the others what it is to know, and nobody can tell before there is a quorum. */
const isLearner = (now: Facts, { name }: MemberSpec): boolean => now.members[name]?.learner === true;

function canStart(now: Facts, member: MemberSpec): boolean {
  const facts = now.members[member.name];
  return (
    facts?.reach === "yes" &&
    (facts.process === "stopped" || facts.process === "failed") &&
    hasFitData(now.formed, facts) &&
    !isAnnouncedElsewhere(facts, member)
  );
}

/** On its own data, or empty if it has never had any. A member must not come back without what it has acknowledged. */
function hasFitData(formed: string, { data, mark, listed }: MemberFacts): boolean {
  if (data !== "absent") return data === "ours" && listed !== "absent";
  // The mark is of an earlier life: the cluster has a new entry for it, which nobody has started yet.
  if (listed === "unstarted" && formed !== "no") return true;
  if (mark === "yes") return false;
  return listed === "unstarted" || (formed === "no" && listed === "unknown");
}

function start(wish: Wish, now: Facts, member: MemberSpec): StartMember {
  const { spec } = wish;
  const facts = now.members[member.name];
  const { version } = goalOf(wish, now, member);
  const { config, bootstrap: first, keeper } = desiredOf(spec, member, version, facts?.arch ?? "");
  // One that was added has others before it; one of a first start has not, even when some of them serve already.
  const text = facts?.learner === true ? joiningText(spec, member, now) : first.text;
  const bootstrap = facts?.data === "ours" ? undefined : { path: first.path, text, ...keeper };
  return { kind: "start-member", member: member.name, unit: spec.service.unit, config, version, bootstrap };
}
