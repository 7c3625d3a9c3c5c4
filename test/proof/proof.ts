/** The proof: plan every world, judge every plan, and count. */
import { converge } from "../../src/plan/converge.js";
import { isEmpty, type Plan, type Stage } from "../../src/plan/plan.js";
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
  /** Milliseconds. */
  planning: number;
  /** The plan with the most stages; milliseconds of CPU to make it with nothing remembered. */
  longest: { milliseconds: number; label: string; stages: number };
  /** Milliseconds of CPU for all of it. */
  cpu: number;
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
  cpu: 0,
  longest: { milliseconds: 0, label: "", stages: 0 },
  tight: {},
  reasons: {},
  violations: {},
});

const tell = (plan: Plan): string =>
  `${plan.stages.map(({ title, steps }) => `  - ${title} [${steps.map(({ kind, member }) => `${kind} ${member}`).join(", ")}]`).join("\n")}\n  = ${plan.problems.map(({ code, message }) => `${code} ${message}`).join("; ")}`;

export type Planner = (...given: Parameters<typeof converge>) => Plan;

/** Also plans anew from every boundary of the plan, as after a kill, and with every further member lost. */
export function proveAgain(world: World, tally: Tally, planner?: Planner): void {
  const plan = prove(world, tally, planner);
  const complete = plan.problems.length === 0;
  for (const { what, facts, whole } of interruptions(plan)) {
    const then = prove({ ...world, facts, label: () => `${world.label()}, ${what}` }, tally, planner);
    tally.again += 1;
    if (whole && complete && then.problems.length > 0)
      note(tally, "a run that was ended does not come to its end", `${world.label()}, ${what}`, then);
  }
}

export function prove(world: World, tally: Tally, planner: Planner = converge): Plan {
  const { label, wish, facts } = world;
  const begin = performance.now();
  const plan = planner(wish, facts, []);
  tally.planning += performance.now() - begin;
  count(tally, plan);
  if (plan.stages.length > tally.longest.stages)
    tally.longest = { milliseconds: alone(world), label: label(), stages: plan.stages.length };
  const verdict = judge(wish, plan);
  tally.moments += verdict.moments;
  for (const [why, times] of Object.entries(verdict.tight)) tally.tight[why] = (tally.tight[why] ?? 0) + times;
  const violations = [...verdict.violations];
  if (planner(wish, plan.after, []).stages.length > 0) violations.push("a finished plan leaves something to plan");
  if (!plan.stages.every(survives)) violations.push("a plan does not survive JSON");
  for (const violation of violations) note(tally, violation, label(), plan);
  return plan;
}

function count(tally: Tally, plan: Plan): void {
  tally.plans += 1;
  tally.stages += plan.stages.length;
  for (const { steps } of plan.stages) tally.steps += steps.length;
  if (isEmpty(plan)) tally.empty += 1;
  if (plan.problems.length > 0) tally.short += 1;
  else tally.complete += 1;
  for (const code of new Set(plan.problems.map((problem) => problem.code)))
    tally.reasons[code] = (tally.reasons[code] ?? 0) + 1;
}

/** Milliseconds of CPU for a plan of which nothing is remembered. */
function alone({ wish, facts }: World): number {
  const begin = cpu();
  converge(wish, structuredClone(facts), []);
  return cpu() - begin;
}

const survivors = new WeakSet<Stage["steps"]>();

function survives({ steps }: Stage): boolean {
  if (survivors.has(steps)) return true;
  if (isPlain(steps)) survivors.add(steps);
  return survivors.has(steps);
}

/** Nothing but what JSON has words for. What is undefined is left out, which is as good. */
function isPlain(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((entry) => entry !== undefined && isPlain(entry));
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value).every(isPlain)
    : false;
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
