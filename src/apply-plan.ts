/** The library's apply: a plan, and the survey it was made from. */
import { apply, type Report } from "./apply/apply.js";
import type { Boundary } from "./apply/crash-points.js";
import type { Listener } from "./apply/events.js";
import type { Plan } from "./plan/plan.js";
import type { Spec } from "./spec/spec.js";
import { planOf, type PlanOptions, type Survey } from "./survey.js";
import type { World } from "./world.js";

export interface ApplyPlanOptions extends Omit<PlanOptions, "goal"> {
  readonly spec: Spec;
  readonly world: World;
  readonly survey: Survey;
  readonly plan: Plan;
  readonly command: string;
  /** Text of the cluster file that is to be made true; without it, `undo` cannot come back to this run. */
  readonly file?: string;
  readonly listen?: Listener;
  readonly signal?: AbortSignal;
  readonly steal?: boolean;
  readonly boundary?: Boundary;
}

/**
 * Carry a plan out under the cluster's lock. The hosts are looked at again first, and nothing is done when the plan no
 * longer fits them.
 * @throws QuorateError E_LOCKED, E_CHANGED, E_REFUSED, E_JOURNAL before anything was done; what fails later is in the report
 */
export async function applyPlan(options: ApplyPlanOptions): Promise<Report> {
  const { world, survey, plan, command, stamp = stampOf(survey) } = options;
  const { spec } = survey;
  if (spec.etcd.version === undefined && plan.goal === "running") await world.ledger.recordVersion(plan.version);
  return apply({
    spec,
    world,
    plan,
    command,
    versions: survey.versions,
    replan: async (seen) => planOf(spec, { ...survey, seen }, { ...planning(options), goal: plan.goal, stamp }),
    ...(options.file !== undefined && { file: options.file }),
    ...(options.listen !== undefined && { listen: options.listen }),
    ...(options.signal !== undefined && { signal: options.signal }),
    steal: options.steal ?? false,
    ...(options.boundary !== undefined && { boundary: options.boundary }),
  });
}

const stampOf = ({ seen }: Survey): string => new Date(seen.at).toISOString().replace(/[:.]/g, "-");

const planning = ({
  moveAside = [],
  remove = [],
  downtime = false,
  dropOldCa = false,
  closePlaintext = false,
  only,
}: ApplyPlanOptions): PlanOptions => ({
  moveAside,
  remove,
  downtime,
  dropOldCa,
  closePlaintext,
  only,
});
