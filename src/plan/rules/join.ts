import type { Facts } from "../../observe/facts.js";
import { answeringQuorum, isVoter } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import { joiningText } from "../bootstrap.js";
import { desiredOf } from "../desired.js";
import { goalOf } from "../goal-version.js";
import type { Rule } from "../wish.js";

/**
 * One at a time: known to the cluster as a learner, started, and made a voter when it has caught up. So the number that must
 * agree never rises before there is one more who can.
 */
export const join: Rule = (wish, now) => {
  const { spec } = wish;
  if (answeringQuorum(now).spare < 0 || now.formed === "no") return undefined;
  const learner = spec.members.find(({ name }) => now.members[name]?.learner === true);
  if (learner !== undefined) {
    const facts = now.members[learner.name];
    if (facts?.reach !== "yes" || facts.process !== "up") return undefined;
    const step = { kind: "promote-member" as const, member: learner.name, peerUrl: facts.listedAt };
    return { title: `${learner.name} becomes a voter`, steps: [step] };
  }
  if (Object.values(now.members).some((member) => member.learner)) return undefined;
  const next = spec.members.find((member) => isNew(now, member));
  if (next === undefined) return undefined;
  const added = { kind: "add-member" as const, member: next.name, peerUrl: next.peer.url };
  const { version } = goalOf(wish, now, next);
  const { config, bootstrap, keeper } = desiredOf(spec, next, version, now.members[next.name]?.arch ?? "");
  const started = {
    kind: "start-member" as const,
    member: next.name,
    unit: spec.service.unit,
    config,
    version,
    bootstrap: { path: bootstrap.path, text: joiningText(spec, next, now), ...keeper },
  };
  return { title: `${next.name} joins as a learner`, steps: [added, started] };
};

/** Its host is ready, and neither the cluster nor its disk knows it. */
function isNew(now: Facts, { name }: MemberSpec): boolean {
  const facts = now.members[name];
  return (
    facts !== undefined &&
    facts.reach === "yes" &&
    facts.listed === "absent" &&
    facts.data === "absent" &&
    facts.process !== "up" &&
    Object.values(now.members).some((member) => isVoter(member) && member.serving === "yes")
  );
}
