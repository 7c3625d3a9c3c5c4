/** A plan as the facts go along with it. */
import type { Facts } from "../../src/observe/facts.js";
import type { Plan, Stage } from "../../src/plan/plan.js";
import { effectOf, kindOf, type Step } from "../../src/steps/kinds.js";

export interface Pace {
  readonly step: Step;
  /** What is expected when it begins. */
  readonly now: Facts;
  /** Code with which its own guard would hold it up. */
  readonly refusal: string | undefined;
}

export interface Leg {
  readonly stage: Stage;
  readonly path: readonly Pace[];
  readonly after: Facts;
}

/** Plans that come through the same facts have the rest of their stages in common. */
const legs = new WeakMap<Stage, Leg>();

export function walk({ before, stages }: Plan): Leg[] {
  let now = before;
  return stages.map((stage) => {
    const leg = legs.get(stage) ?? go(stage, now);
    legs.set(stage, leg);
    now = leg.after;
    return leg;
  });
}

function go(stage: Stage, before: Facts): Leg {
  let now = before;
  const path = stage.steps.map((step): Pace => {
    const pace = { step, now, refusal: kindOf(step).guard(step, now)?.code };
    now = effectOf(step, now);
    return pace;
  });
  return { stage, path, after: now };
}
