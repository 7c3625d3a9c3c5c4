/** One run of quorate in a fake world: look, plan, and do it unless there is nothing to do or too much in the way. */
import { applyPlan, type ApplyPlanOptions } from "../apply-plan.js";
import type { Report } from "../apply/apply.js";
import type { RunEvent } from "../apply/events.js";
import { QuorateError } from "../errors.js";
import type { Facts } from "../observe/facts.js";
import { factsOf } from "../observe/facts-of.js";
import { isEmpty, refused, type Goal, type Plan } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import { planOf, survey } from "../survey.js";
import type { FakeOperator, FakeSession, FakeWorld } from "./fake-world.js";
import { Killed } from "./killed.js";

export interface AttemptOptions {
  readonly goal?: Goal;
  readonly operator?: FakeOperator;
  /** What the file says now, when it has been edited. */
  readonly spec?: Spec;
  readonly moveAside?: readonly string[];
  /** Strangers that are to go. */
  readonly remove?: readonly string[];
  readonly downtime?: boolean;
  readonly steal?: boolean;
  readonly signal?: AbortSignal;
  /** Between the plan and its execution, as while the operator reads it. */
  readonly meanwhile?: () => void | Promise<void>;
  /** At the n-th step boundary, counted from 1. */
  readonly atBoundary?: (n: number, session: FakeSession) => void;
  readonly onEvent?: (event: RunEvent, session: FakeSession) => void;
}

export interface Attempt {
  /** undefined when looking or planning already failed. */
  readonly plan: Plan | undefined;
  /** undefined: there was nothing to do, too much in the way, or it was killed. */
  readonly report: Report | undefined;
  readonly error: QuorateError | undefined;
  readonly killed: boolean;
  readonly events: readonly RunEvent[];
  /** Step boundaries passed. */
  readonly boundaries: number;
}

const commands: Readonly<Record<Goal, string>> = {
  running: "quorate up",
  stopped: "quorate stop",
  absent: "quorate destroy",
  renewed: "quorate certs renew",
  compacted: "quorate compact",
  defragmented: "quorate defrag",
  writable: "quorate recover-space",
  rebuilt: "quorate rebuild b",
};

/** @throws what only a bug of ours can throw */
export async function attempt(world: FakeWorld, options: AttemptOptions = {}): Promise<Attempt> {
  const { goal = "running", moveAside = [], remove = [], downtime = false, spec = world.spec } = options;
  const session = world.session(options.operator, spec);
  const events: RunEvent[] = [];
  let boundaries = 0;
  let plan: Plan | undefined;
  const ended = (rest: Partial<Attempt>): Attempt => ({
    plan,
    report: undefined,
    error: undefined,
    killed: false,
    events,
    boundaries,
    ...rest,
  });
  try {
    const looked = await survey(spec, session);
    plan = planOf(spec, looked, { goal, moveAside, remove, downtime });
    if (refused(plan) || isEmpty(plan)) return ended({});
    await options.meanwhile?.();
    const report = await applyPlan({
      spec,
      world: session,
      survey: looked,
      plan,
      moveAside,
      remove,
      downtime,
      command: commands[goal],
      listen: (event) => {
        events.push(event);
        options.onEvent?.(event, session);
      },
      boundary: () => {
        boundaries += 1;
        options.atBoundary?.(boundaries, session);
      },
      ...whenGiven(options),
    });
    if (goal === "absent" && report.outcome === "done") await session.ledger.forget();
    return ended({ report });
  } catch (error) {
    if (error instanceof Killed) return ended({ killed: true });
    if (error instanceof QuorateError) return ended({ error });
    throw error;
  } finally {
    await session.close();
  }
}

const whenGiven = ({ signal, steal }: AttemptOptions): Pick<ApplyPlanOptions, "signal" | "steal"> => ({
  ...(signal !== undefined && { signal }),
  ...(steal !== undefined && { steal }),
});

/** The facts as this operator would see them now. */
export async function factsNow(
  world: FakeWorld,
  { operator, spec = world.spec }: Pick<AttemptOptions, "operator" | "spec"> = {},
): Promise<Facts> {
  const session = world.session(operator, spec);
  const { spec: whole, seen, versions, formed, saved } = await survey(spec, session);
  return factsOf(whole, seen, versions, formed, saved);
}
