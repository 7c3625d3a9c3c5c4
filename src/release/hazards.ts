/**
 * The table of hazards: what is known to go wrong, with which versions, when, how it is seen and what to do. Pure and
 * light. Which of them a move must mind is asked of `hazardsOf`; hops.ts plans around those that refuse.
 */
import { faults } from "./hazards/faults.js";
import { foundations } from "./hazards/foundations.js";
import type { Hazard, Trigger } from "./hazards/hazard.js";
import { moves } from "./hazards/moves.js";
import { operations } from "./hazards/operations.js";
import { versionRules, type VersionRule } from "./known-versions.js";
import { lineOf, minorsApart, oldestFirst, within } from "./versions.js";

export type { Detection, Hazard, Range, Trigger } from "./hazards/hazard.js";

const aboutTheVersion: readonly Trigger[] = ["create", "run", "patch", "upgrade", "downgrade"];

/** Verdicts on versions are hazards of whoever chooses such a version or runs it. */
const fromRule = ({ id, from, below, arch, verdict, text, source }: VersionRule): Hazard => ({
  ...{ id, text, source, triggers: aboutTheVersion },
  version: [{ ...(from !== undefined && { from }), ...(below !== undefined && { below }) }],
  ...(arch !== undefined && { arch }),
  severity: verdict === "refused" ? "refuse" : "warn",
  detectedBy: "versions",
  detection: "the version to move to, or the one that a member reports",
  next: "take the newest patch of a line that is maintained",
});

export const hazards: readonly Hazard[] = [
  ...versionRules.map(fromRule),
  ...moves,
  ...operations,
  ...foundations,
  ...faults,
];

export interface Occasion {
  readonly trigger: Trigger;
  /** Versions that the members run now. */
  readonly running?: readonly string[];
  /** The version that is moved to, created, joined with, or that restores. */
  readonly target?: string;
  /** GOARCH; left out: hazards of single architectures are not meant. */
  readonly arch?: string;
}

/**
 * The hazards of an occasion, in the table's order. Those of severity "check" are there only if a look finds them.
 * @throws QuorateError E_RELEASE_VERSION for a version that is not exact
 */
export const hazardsOf = (occasion: Occasion): Hazard[] => hazards.filter((hazard) => applies(hazard, occasion));

/** @throws Error when there is no such hazard, which is a mistake in the program */
export function hazardNamed(id: string): Hazard {
  const found = hazards.find((hazard) => hazard.id === id);
  if (found === undefined) throw new Error(`there is no hazard ${id}`);
  return found;
}

function applies(hazard: Hazard, { trigger, running = [], target, arch }: Occasion): boolean {
  const { version, shape } = hazard;
  if (!hazard.triggers.includes(trigger)) return false;
  if (hazard.arch !== undefined && (arch === undefined || !hazard.arch.includes(arch))) return false;
  if (version !== undefined && !(target === undefined ? running : [target]).some((one) => within(one, version)))
    return false;
  const { running: meant, target: aim } = hazard;
  if (meant !== undefined && !running.some((one) => within(one, meant))) return false;
  if (aim !== undefined && (target === undefined || !within(target, aim))) return false;
  return shape === undefined || hasShape(shape, running, target);
}

function hasShape(
  shape: NonNullable<Hazard["shape"]>,
  running: readonly string[],
  target: string | undefined,
): boolean {
  const sorted = oldestFirst(running);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return false;
  switch (shape) {
    case "mixed":
      return lineOf(lowest) !== lineOf(highest);
    case "too-mixed":
      return minorsApart(lowest, highest) > 1;
    case "skips-a-line":
      return target !== undefined && Math.abs(minorsApart(lowest, target)) > 1;
    case "newer-than-cluster":
      return target !== undefined && minorsApart(highest, target) > 0;
  }
}
