/** Where a plan ends: in what the file says, or with a reason. */
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import type { Observation } from "../../src/observe/observation.js";
import { QuorateError } from "../../src/errors.js";
import { desiredOf } from "../../src/plan/desired.js";
import { digestOf } from "../../src/plan/digest.js";
import { dataHazards } from "../../src/plan/hazards/data.js";
import { membershipHazards } from "../../src/plan/hazards/membership.js";
import { reachHazards } from "../../src/plan/hazards/reach.js";
import type { Plan, Problem } from "../../src/plan/plan.js";
import type { Wish } from "../../src/plan/wish.js";
import type { MemberSpec } from "../../src/spec/spec.js";

export function judgeEnd(wish: Wish, plan: Plan): string[] {
  const short = shortOf(wish, plan.after);
  const own = plan.problems.filter(({ severity }) => severity !== "warn");
  if (short === undefined) return own.length === 0 ? [] : [`complains although all is as wanted: ${own[0]?.code}`];
  const reasons = own.length > 0 ? own : judges(wish, plan.before);
  return reasons.length > 0 ? [] : [`ends short without a reason: ${short}`];
}

/** What a survey finds in the way, from what can be known of facts. */
export function judges(wish: Wish, facts: Facts): Problem[] {
  const { spec, goal, version, clusterId, moveAside } = wish;
  const away = spec.members.filter(({ name }) => facts.members[name]?.reach === "no");
  const error = new QuorateError("E_HOST_UNREACHABLE", "it does not answer");
  const hosts = Object.fromEntries(away.map(({ name }) => [name, { reach: "unreachable" as const, error }]));
  const seen = { at: 0, hosts, etcd: {}, trust: {} } as unknown as Observation;
  const scene = { spec, wish, goal, version, clusterId, seen, facts, moveAside };
  return [dataHazards, membershipHazards, reachHazards]
    .flatMap((find) => find(scene))
    .filter(({ severity }) => severity !== "warn");
}

/** @returns what is not as the file says, if anything */
export function shortOf(wish: Wish, after: Facts): string | undefined {
  const { spec } = wish;
  const names = new Set(spec.members.map(({ name }) => name));
  for (const [name, member] of Object.entries(after.members))
    if (!names.has(name) && member.listed !== "absent" && member.listed !== "unknown")
      return `a ${member.place} is still there`;
  for (const member of spec.members) {
    const facts = after.members[member.name];
    const amiss = facts === undefined ? "unknown" : amissIn(wish, member, facts);
    if (amiss !== undefined) return amiss;
  }
  return undefined;
}

function amissIn(wish: Wish, member: MemberSpec, facts: MemberFacts): string | undefined {
  if (facts.listed !== "started" && facts.listed !== "unknown") return "a wanted one is no member";
  if (facts.learner) return "a wanted one is a learner";
  if (facts.listedAt !== "" && facts.listedAt !== member.peer.url) return "one is at another address";
  if (facts.reach !== "yes") return "a host is away";
  if (facts.process !== "up") return "one does not run";
  const { config, unit } = desiredOf(wish.spec, member, wish.version, facts.arch);
  if (facts.version !== "" && facts.version !== wish.version) return "one has another version";
  if (facts.config !== config) return "one runs with another configuration";
  if (facts.unit !== digestOf(unit.text)) return "one has another unit";
  if (facts.trust !== "ok" && facts.trust !== "renewal-due") return "one has other certificates";
  if (facts.mark !== "yes" || facts.data !== "ours") return "one is not marked";
  return undefined;
}
