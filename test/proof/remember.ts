/**
 * The same planner, asked of nothing twice. It goes from facts to facts and looks at nothing else on its way, and most plans
 * soon come to facts that another plan has come through: from there on both are the same.
 */
import { converge, rules } from "../../src/plan/converge.js";
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import { quorum, sayQuorum } from "../../src/observe/quorum.js";
import type { Problem, Stage } from "../../src/plan/plan.js";
import type { Rule, Wish } from "../../src/plan/wish.js";
import { effectOf } from "../../src/steps/kinds.js";
import type { Planner } from "./proof.js";

/** More than this is forgotten at once, so that it all has room in memory. */
const limit = 150_000;

/** Where a plan comes through, and how it goes on from there. */
interface Place {
  readonly facts: Facts;
  next?: { readonly stage: Stage; readonly place: Place } | "nothing";
  /** What is said when a plan ends here. */
  problems?: readonly Problem[];
}

export function rememberingPlanner(inOrder: readonly Rule[] = rules.running): Planner {
  const nameOf = namer();
  const wishes = new Map<Wish, Map<string, Place>>();
  const placeOf = (wish: Wish, facts: Facts): Place => {
    const places = wishes.get(wish) ?? new Map<string, Place>();
    wishes.set(wish, places);
    if (places.size >= limit) places.clear();
    const name = nameOf(facts);
    const place = places.get(name) ?? { facts };
    places.set(name, place);
    return place;
  };
  return (wish, before) => {
    const stages: Stage[] = [];
    let place = placeOf(wish, before);
    for (;;) {
      place.next ??= next(inOrder, wish, place.facts, placeOf);
      if (place.next === "nothing") break;
      if (stages.length >= 200) throw new Error("planning does not end");
      stages.push(place.next.stage);
      place = place.next.place;
    }
    place.problems ??= converge(wish, place.facts, [], []).problems;
    const problems = stages.length > 0 ? place.problems.map(begun) : place.problems;
    const { spec, goal, version, clusterId } = wish;
    return { format: 1, cluster: spec.name, goal, version, clusterId, before, stages, after: place.facts, problems };
  };
}

/** What is not reached refuses a plan that has done nothing; otherwise the run ends as a partial success. */
const begun = (problem: Problem): Problem =>
  problem.severity === "refuse" ? { ...problem, severity: "degraded" } : problem;

/** One turn of the planner. */
function next(
  inOrder: readonly Rule[],
  wish: Wish,
  facts: Facts,
  placeOf: (wish: Wish, facts: Facts) => Place,
): NonNullable<Place["next"]> {
  for (const rule of inOrder) {
    const wanted = rule(wish, facts);
    if (wanted === undefined || wanted.steps.length === 0) continue;
    const after = wanted.steps.reduce((now, step) => effectOf(step, now), facts);
    return { stage: { ...wanted, quorum: sayQuorum(quorum(after)) }, place: placeOf(wish, after) };
  }
  return "nothing";
}

/** A short name for facts: never the same for others. */
function namer(): (now: Facts) => string {
  const named = new WeakMap<MemberFacts, number>();
  const names = new Map<string, number>();
  const nameOf = (member: MemberFacts): number => {
    const known = named.get(member);
    if (known !== undefined) return known;
    const text = JSON.stringify(member);
    const name = names.get(text) ?? names.size;
    names.set(text, name);
    named.set(member, name);
    return name;
  };
  return ({ members, ...whole }) => {
    const each = Object.entries(members).map(([name, member]) => `${name}${nameOf(member)}`);
    return `${each.join(" ")} ${JSON.stringify(whole)}`;
  };
}
