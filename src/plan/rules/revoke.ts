/** The list of revoked certificates on every host. */
import type { MemberFacts } from "../../observe/facts.js";
import { trustPaths, trustRoot } from "../../observe/question.js";
import type { MemberSpec, Spec } from "../../spec/spec.js";
import type { Step } from "../../steps/kinds.js";
import type { Rule, Wish } from "../wish.js";

/**
 * The first list is there before any unit names it: with a flag whose file is absent, etcd lets nobody in. Nothing reads
 * it yet, so it harms nobody.
 */
export const listFirst: Rule = (wish, now) =>
  stage(wish, (member) => {
    const facts = now.members[member.name];
    const isPrepared = facts?.directories[trustRoot(wish.spec, member)] !== undefined;
    return facts?.list === undefined && isPrepared ? facts : undefined;
  });

/** A newer list comes after new certificates: one that is on it may be a member's own that has just been replaced. */
export const listNext: Rule = (wish, now) => stage(wish, (member) => now.members[member.name]);

/** @param factsOf facts of a member that may get one now */
function stage(wish: Wish, factsOf: (member: MemberSpec) => MemberFacts | undefined): ReturnType<Rule> {
  const { spec, only } = wish;
  if (spec.tls?.revokes !== true) return undefined;
  const steps = spec.members.flatMap((member): Step[] => {
    const facts = factsOf(member);
    if (facts?.reach !== "yes" || only?.includes(member.name) === false) return [];
    const why = whyNew(spec, facts);
    return why === undefined ? [] : [stepOf(spec, member, why)];
  });
  return steps.length === 0 ? undefined : { title: "bring the list of revoked certificates to the hosts", steps };
}

const stepOf = (spec: Spec, member: MemberSpec, why: string): Step => ({
  ...{ kind: "put-list", member: member.name, path: trustPaths(spec, member).list },
  ...{ owner: spec.service.user, group: spec.service.group, why },
  signer: spec.tls?.phase?.issuer ?? "wanted",
});

function whyNew(spec: Spec, { list }: MemberFacts): string | undefined {
  if (list === undefined) return "it has none";
  if (list === "stale") return "its own is out of date";
  const signer = spec.tls?.phase?.issuer ?? "wanted";
  return list === "former" && signer === "wanted" ? "signed by the new CA" : undefined;
}
