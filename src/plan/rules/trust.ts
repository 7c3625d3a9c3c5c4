/** Certificates of one member: made, renewed in place, or joined by another CA's. */
import type { MemberFacts } from "../../observe/facts.js";
import { joinRoots, rootsIn } from "../../observe/roots.js";
import { trustRoot } from "../../observe/question.js";
import type { MemberSpec, Spec } from "../../spec/spec.js";
import type { Step } from "../../steps/kinds.js";

export function trustSteps(spec: Spec, member: MemberSpec, facts: MemberFacts): Step[] {
  const { tls, service } = spec;
  if (tls === undefined) return [];
  const where = { member: member.name, path: trustRoot(spec, member), owner: service.user, group: service.group };
  const { phase } = tls;
  const given = tls.given?.[member.name] !== undefined;
  const install = (why: string): Step[] => [
    {
      ...{ kind: "install-trust", ...where, keysOn: tls.keysOn, algorithm: tls.algorithm, why },
      ...(phase !== undefined && { roots: phase.roots, issuer: given ? "wanted" : phase.issuer }),
    },
  ];
  if (facts.trust === "none") return install("it has none");
  if (facts.trust === "wrong" || facts.trust === "unknown") return install("what it has is not fit");
  const others = phase?.renew === true && facts.issuer === "former";
  if (others && given) return install("they are of another CA");
  const why = others
    ? "of the new CA"
    : facts.trust === "renewal-due"
      ? "renewal is due"
      : facts.trust === "outdated"
        ? "what they say is out of date"
        : undefined;
  const stray = phase !== undefined && facts.roots !== undefined && facts.roots !== joinRoots(phase.roots);
  return [
    ...(stray ? [{ kind: "trust-cas" as const, ...where, roots: phase.roots, from: rootsIn(facts.roots) }] : []),
    ...(why === undefined ? [] : [{ kind: "renew-trust" as const, ...where, issuer: phase?.issuer, why }]),
  ];
}
