/**
 * The typed library.
 *
 * @example
 * const spec = parseSpec(text, { file: "cluster.yaml" });
 * const world = await openWorld(spec);
 * const looked = await survey(spec, world);
 * const wanted = plan(spec, looked);
 * const report = await apply({ spec, world, survey: looked, plan: wanted, command: "my-program" });
 * await world.close();
 */
export { parseSpec, loadSpec } from "./spec/load.js";
export { openWorld } from "./open.js";
export { survey, planOf as plan, type Survey, type PlanOptions } from "./survey.js";
export { observe } from "./observe/observe.js";
export { adviceOf as advise } from "./advice-of.js";
export { applyPlan as apply, type ApplyPlanOptions } from "./apply-plan.js";
export { QuorateError, QuorateErrors, type ErrorCode } from "./errors.js";
export type { Spec, MemberSpec } from "./spec/spec.js";
export type { Observation } from "./observe/observation.js";
export type { Facts, MemberFacts } from "./observe/facts.js";
export type { Advice } from "./advise/advise.js";
export { isEmpty, mayPass, refused, type Goal, type Plan, type Problem, type Stage } from "./plan/plan.js";
export type { Step } from "./steps/kinds.js";
export type { RunEvent, Outcome } from "./apply/events.js";
export type { Report } from "./apply/apply.js";
export type { World } from "./world.js";
