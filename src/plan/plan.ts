/** A plan is data: stages of steps that lead from what is to what is wanted. Plain JSON, no functions, no secrets. */
import type { ErrorCode } from "../errors.js";
import type { Facts } from "../observe/facts.js";
import type { Step } from "../steps/kinds.js";

/**
 * running: as the file says. stopped: processes ended, data kept. absent: nothing of it left. compacted: history forgotten.
 * renewed: certificates that were due are new. defragmented: no file holds much that is free. writable: no quota is full. rebuilt: one member's data taken from the others.
 */
export type Goal = "running" | "stopped" | "absent" | "renewed" | "compacted" | "defragmented" | "writable" | "rebuilt";

export interface Plan {
  readonly format: 1;
  readonly cluster: string;
  readonly goal: Goal;
  readonly version: string;
  /** Cluster ID that the members will form or have formed. */
  readonly clusterId: string;
  readonly before: Facts;
  readonly stages: readonly Stage[];
  /** The facts when every step has had its effect. */
  readonly after: Facts;
  readonly problems: readonly Problem[];
}

export interface Stage {
  readonly title: string;
  /** Steps of different members run side by side; steps of one member in order. */
  readonly steps: readonly Step[];
  /** The arithmetic after the stage, in words. */
  readonly quorum: string;
}

export interface Problem {
  readonly code: ErrorCode;
  /** The member concerned, if one is. */
  readonly member: string | undefined;
  readonly message: string;
  /** refuse: nothing is done. degraded: the rest is done, and the run ends as a partial success. warn: told. */
  readonly severity: "refuse" | "degraded" | "warn";
  /** It may be over in seconds without anybody's doing. */
  readonly passing?: true;
  readonly expected?: string;
  readonly found?: string;
  readonly next?: string;
}

export const refused = (plan: Plan): boolean => plan.problems.some((problem) => problem.severity === "refuse");

/** Whether every refusal may be over in seconds: looking and planning again then may find another plan. */
export const mayPass = ({ before, problems }: Plan): boolean => {
  const refusals = problems.filter(({ severity }) => severity === "refuse");
  return (
    refusals.length > 0 &&
    refusals.every(
      ({ code, member, passing }) =>
        // A member that runs may serve, or catch up, in a moment.
        passing === true || (code === "E_NO_SPARE" && before.members[member ?? ""]?.process === "up"),
    )
  );
};

export const isEmpty = (plan: Plan): boolean => plan.stages.length === 0;
