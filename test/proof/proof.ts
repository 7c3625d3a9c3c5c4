/** The proof: plan every world, judge every plan, and count. */
import { converge } from "../../src/plan/converge.js";
import { equal } from "../../src/observe/facts.js";
import { isEmpty, type Plan } from "../../src/plan/plan.js";
import type { World } from "./worlds.js";
import { interruptions } from "./again.js";
import { judge } from "./judge.js";

export interface Tally {
  /** Plans that were made anew in the middle of another. */
  again: number;
  plans: number;
  empty: number;
  complete: number;
  short: number;
  stages: number;
  steps: number;
  moments: number;
  /** Milliseconds of CPU. */
  planning: number;
  longest: { milliseconds: number; label: string; stages: number };
  readonly tight: Record<string, number>;
  readonly reasons: Record<string, number>;
  readonly violations: Record<string, { count: number; example: string }>;
}

export const newTally = (): Tally => ({
  again: 0,
  plans: 0,
  empty: 0,
  complete: 0,
  short: 0,
  stages: 0,
  steps: 0,
  moments: 0,
  planning: 0,
  longest: { milliseconds: 0, label: "", stages: 0 },
  tight: {},
  reasons: {},
  violations: {},
});

const tell = (plan: Plan): string =>
  `${plan.stages.map(({ title, steps }) => `  - ${title} [${steps.map(({ kind, member }) => `${kind} ${member}`).join(", ")}]`).join("\n")}\n  = ${plan.problems.map(({ code, message }) => `${code} ${message}`).join("; ")}`;

export type Planner = (...given: Parameters<typeof converge>) => Plan;

/** Also plans anew from every boundary of the plan, as after a kill, and with every further member lost. */
export function proveAgain(world: World, tally: Tally): void {
  const plan = prove(world, tally);
  const complete = plan.problems.length === 0;
  for (const { what, facts, whole } of interruptions(plan)) {
    const then = prove({ ...world, facts, label: () => `${world.label()}, ${what}` }, tally);
    tally.again += 1;
    if (whole && complete && then.problems.length > 0)
      note(tally, "a run that was ended does not come to its end", `${world.label()}, ${what}`, then);
  }
}

export function prove({ label, wish, facts }: World, tally: Tally, planner: Planner = converge): Plan {
  const begin = cpu();
  const plan = planner(wish, facts, []);
  const took = cpu() - begin;
  tally.plans += 1;
  tally.planning += took;
  tally.stages += plan.stages.length;
  for (const { steps } of plan.stages) tally.steps += steps.length;
  if (took > tally.longest.milliseconds)
    tally.longest = { milliseconds: took, label: label(), stages: plan.stages.length };
  if (isEmpty(plan)) tally.empty += 1;
  if (plan.problems.length > 0) tally.short += 1;
  else tally.complete += 1;
  for (const code of new Set(plan.problems.map((problem) => problem.code)))
    tally.reasons[code] = (tally.reasons[code] ?? 0) + 1;
  const verdict = judge(wish, plan);
  tally.moments += verdict.moments;
  for (const [why, count] of Object.entries(verdict.tight)) tally.tight[why] = (tally.tight[why] ?? 0) + count;
  const violations = [...verdict.violations];
  if (planner(wish, plan.after, []).stages.length > 0) violations.push("a finished plan leaves something to plan");
  if (!equal(JSON.parse(JSON.stringify(plan.stages)), plan.stages)) violations.push("a plan does not survive JSON");
  for (const violation of violations) note(tally, violation, label(), plan);
  return plan;
}

function note(tally: Tally, violation: string, label: string, plan: Plan): void {
  const entry = (tally.violations[violation] ??= { count: 0, example: `${label}\n${tell(plan)}` });
  entry.count += 1;
}

/** Milliseconds of CPU that this process has used. */
export function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
