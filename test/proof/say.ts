/** The counts of a proof, for people. */
import type { Tally } from "./proof.js";

const many = (count: number): string => count.toLocaleString("en-US");

export function sayTally(title: string, tally: Tally): string {
  const {
    plans,
    again,
    complete,
    short,
    empty,
    stages,
    steps,
    moments,
    planning,
    cpu,
    longest,
    tight,
    reasons,
    violations,
  } = tally;
  const sum = Object.values(violations).reduce((total, { count }) => total + count, 0);
  const counts = (of: Record<string, number>): string =>
    Object.entries(of)
      .toSorted(([, a], [, b]) => b - a)
      .map(([what, count]) => `${many(count)} ${what}`)
      .join("; ") || "none";
  return [
    `${title}: ${many(plans)} plans (${many(again)} of them made anew in the middle of another), ${many(stages)} stages, ${many(steps)} steps, ${many(moments)} moments`,
    `  ends: ${many(complete)} as the file says, ${many(short)} short with a reason; ${many(empty)} have nothing to do`,
    `  reasons: ${counts(reasons)}`,
    `  moments with nobody to spare that had to be: ${counts(tight)}`,
    `  planning: ${(planning / Math.max(1, plans)).toFixed(2)} ms each; the longest plan has ${longest.stages} stages and takes ${longest.milliseconds.toFixed(1)} ms of CPU by itself (${longest.label})`,
    `  CPU: ${many(Math.round(cpu / 1_000))} s`,
    `  violations: ${many(sum)}`,
    ...Object.entries(violations).map(([what, { count, example }]) => `  ${many(count)} × ${what}\n${example}`),
  ].join("\n");
}

/** The sum of two parts. */
export function addTally(a: Tally, b: Tally): Tally {
  const sum = (left: Record<string, number>, right: Record<string, number>): Record<string, number> => {
    const both = { ...left };
    for (const [key, count] of Object.entries(right)) both[key] = (both[key] ?? 0) + count;
    return both;
  };
  const violations = { ...a.violations };
  for (const [what, { count, example }] of Object.entries(b.violations))
    violations[what] = { count: count + (violations[what]?.count ?? 0), example: violations[what]?.example ?? example };
  return {
    plans: a.plans + b.plans,
    again: a.again + b.again,
    empty: a.empty + b.empty,
    complete: a.complete + b.complete,
    short: a.short + b.short,
    stages: a.stages + b.stages,
    steps: a.steps + b.steps,
    moments: a.moments + b.moments,
    planning: a.planning + b.planning,
    cpu: a.cpu + b.cpu,
    longest: a.longest.stages >= b.longest.stages ? a.longest : b.longest,
    tight: sum(a.tight, b.tight),
    reasons: sum(a.reasons, b.reasons),
    violations,
  };
}
