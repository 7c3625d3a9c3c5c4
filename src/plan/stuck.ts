/** Members that no step would help: a plan must not say that nothing is to be done while one of them fails over and over. */
import type { Observation } from "../observe/observation.js";
import { kindOf } from "../steps/kinds.js";
import type { Spec } from "../spec/spec.js";
import type { Plan, Problem } from "./plan.js";

/** A supervisor that has restarted a process this often will not get it up by trying again. */
export const restartsTolerated = 3;

/** Processes that are started again and again, count as running for that, and are left as they are by the plan. */
export function stuckMembers(spec: Spec, seen: Observation, plan: Plan): Problem[] {
  if (plan.goal !== "running" || plan.problems.some(({ severity }) => severity === "refuse")) return [];
  return spec.members.flatMap(({ name }): Problem[] => {
    const host = seen.hosts[name];
    const { process, serving } = plan.before.members[name] ?? {};
    if (host?.reach !== "reachable" || process !== "up" || serving !== "no") return [];
    if (host.service.restarts < restartsTolerated || isTouched(plan, name)) return [];
    return [
      {
        code: "E_MEMBER_FAILED",
        member: name,
        message: `etcd on ${name} does not stay up: it was started again ${host.service.restarts} times, and is as the file says`,
        severity: "degraded",
        ...(host.service.logTail.length > 0 && { found: host.service.logTail.slice(-3).join("\n") }),
        next: "read its log, end the cause, and run the same command again",
      },
    ];
  });
}

const isTouched = ({ stages }: Plan, name: string): boolean =>
  stages.some(({ steps }) => steps.some((step) => step.member === name && kindOf(step).risk !== "none"));
