/** Plan, ask, apply, tell: what `up`, `stop` and `destroy` share. */
import { readFile } from "node:fs/promises";
import { applyPlan } from "../apply-plan.js";
import type { Report } from "../apply/apply.js";
import { QuorateError } from "../errors.js";
import { proveHealth } from "../observe/health.js";
import { isEmpty, mayPass, refused, type Goal, type Plan } from "../plan/plan.js";
import { failureLines, problemLines } from "../render/error-text.js";
import { healthSummary } from "../render/health-lines.js";
import { nothingToDo, planLines } from "../render/plan-text.js";
import type { Spec } from "../spec/spec.js";
import { planOf, survey, type PlanOptions, type Survey } from "../survey.js";
import type { World } from "../world.js";
import { onInterrupt } from "./interrupt.js";
import { viewOf, type View } from "./live-view.js";
import { exit, type Session } from "./session.js";

export interface Errand {
  readonly goal: Goal;
  /** What the operator typed, for the lock and the journal. */
  readonly command: string;
  /** What the plan may do besides. */
  readonly planning?: Omit<PlanOptions, "goal">;
  readonly steal?: boolean;
  /** Text of the cluster file that is made true, when it is not the one on disk. */
  readonly file?: string;
  /** What this plan needs to know besides what every survey finds. */
  readonly closer?: (looked: Survey) => Promise<Survey>;
  /** Asked once the plan has been shown. Throws when the operator does not want it. */
  readonly consent: (plan: Plan) => Promise<void>;
}

export interface Carried {
  readonly plan: Plan;
  /** undefined: there was nothing to do, or too much in the way. */
  readonly report: Report | undefined;
  readonly code: number;
}

/** A cluster in which something changes each time that one looks is for the operator to look at. */
const mostPlans = 3;

/** Plans anew, and asks anew, when something changed between planning and doing: then nothing was done yet. */
export async function carryOut(session: Session, spec: Spec, world: World, errand: Errand): Promise<Carried> {
  for (let plans = 1; ; plans += 1) {
    try {
      return await carryOnce(session, spec, world, errand);
    } catch (error) {
      if (plans >= mostPlans || !(error instanceof QuorateError) || error.code !== "E_CHANGED") throw error;
      if (!session.json) session.warn("Something changed between planning and doing; this is the plan now.");
    }
  }
}

async function carryOnce(session: Session, spec: Spec, world: World, errand: Errand): Promise<Carried> {
  const planning = errand.planning ?? {};
  const { looked, plan } = await settledPlan(spec, world, errand);
  if (refused(plan) || isEmpty(plan)) return { plan, report: undefined, code: tellNoRun(session, plan) };
  if (!session.json) session.say(...planLines(plan, { ...session.page, versionSource: looked.versionSource }));
  await errand.consent(plan);
  const view = viewOf(session);
  const interrupt = onInterrupt(session);
  try {
    const file = errand.file ?? (await readFile(spec.file, "utf8").catch(() => undefined));
    const report = await applyPlan({
      ...(file !== undefined && { file }),
      ...{ spec, world, survey: looked, plan, ...planning, command: errand.command, listen: view.show },
      ...{ signal: interrupt.signal, steal: errand.steal ?? false },
    });
    view.end();
    return { plan, report, code: await tellOutcome(session, spec, world, report, view) };
  } finally {
    view.end();
    interrupt.release();
  }
}

/** Milliseconds between looks at members that come up or catch up, and how often one looks. */
const settlingPause = 3_000;
const mostLooks = 5;

/** What may be over in a moment is looked at again before it is refused. */
async function settledPlan(spec: Spec, world: World, errand: Errand): Promise<{ looked: Survey; plan: Plan }> {
  for (let looks = 1; ; looks += 1) {
    const seen = await survey(spec, world);
    const looked = errand.closer === undefined ? seen : await errand.closer(seen);
    const plan = planOf(spec, looked, { ...errand.planning, goal: errand.goal });
    if (looks >= mostLooks || !mayPass(plan)) return { looked, plan };
    await world.clock.sleep(settlingPause);
  }
}

function tellNoRun(session: Session, plan: Plan): number {
  const stuck = refused(plan);
  if (session.json)
    session.event({ type: stuck ? "refused" : "nothing-to-do", cluster: plan.cluster, problems: plan.problems });
  else if (stuck) session.warn(...planLines(plan, { ...session.page, versionSource: "" }));
  else {
    session.warn(...plan.problems.flatMap((problem) => problemLines(problem, session.page)));
    session.say(nothingToDo(plan));
  }
  if (stuck) return exit.trouble;
  return plan.problems.some(({ severity }) => severity === "degraded") ? exit.degraded : exit.done;
}

async function tellOutcome(
  session: Session,
  spec: Spec,
  world: World,
  { outcome, failure }: Report,
  view: View,
): Promise<number> {
  if (outcome === "done") return exit.done;
  if (outcome === "degraded") return exit.degraded;
  if (outcome === "interrupted") {
    if (!session.json)
      session.warn("Stopped between two stages, as you wished. Run the same command again: it goes on from here.");
    return exit.interrupted;
  }
  if (session.json || failure === undefined) return exit.trouble;
  // Members that are down take the whole deadline to say nothing; an operator who waits for the reason does not want to.
  const cluster = [
    ...healthSummary(await proveHealth(spec, world.cluster, 2_000)),
    "nothing after this stage was begun",
  ].join("; ");
  const failed = Object.entries(view.progress.members).flatMap(([member, { title, failure: own }]) =>
    own === undefined ? [] : [{ member, title, failure: own }],
  );
  const told = failed.length > 0 ? failed : [{ member: undefined, title: "the run", failure }];
  session.warn(...told.flatMap((one) => failureLines({ ...one, cluster }, session.page)));
  return exit.trouble;
}
