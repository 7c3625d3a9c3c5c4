/**
 * Planning is simulation: the first rule that wants something of the projected facts has its stage appended, the facts
 * are projected through it, and so on until no rule speaks. The lists below are the table of contents of the product.
 */
import { invariant } from "../errors.js";
import { quorum, sayQuorum } from "../observe/quorum.js";
import type { Facts } from "../observe/facts.js";
import { effectOf } from "../steps/kinds.js";
import type { Goal, Plan, Problem, Stage } from "./plan.js";
import { auth } from "./rules/auth.js";
import { compact, compactWhenFull } from "./rules/compact.js";
import { defragment, defragmentAll } from "./rules/defragment.js";
import { disarmCorrupt, disarmSpace } from "./rules/disarm.js";
import { expel, ofRebuilt, setAside } from "./rules/rebuild.js";
import { adoptCa, forgetCa, proveTrust } from "./rules/change-ca.js";
import { clearTheWay } from "./rules/clear-the-way.js";
import { goBack } from "./rules/go-back.js";
import { join } from "./rules/join.js";
import { checkV2Store, compareMembers } from "./rules/look-ahead.js";
import { dropDead, forget, leave, retire } from "./rules/leave.js";
import { mark } from "./rules/mark.js";
import { prepare } from "./rules/prepare.js";
import { readdress } from "./rules/readdress.js";
import { removeEverything } from "./rules/remove-everything.js";
import { renew } from "./rules/renew.js";
import { listFirst, listNext } from "./rules/revoke.js";
import { roll } from "./rules/roll.js";
import { saveFirst } from "./rules/save-first.js";
import { shortfalls } from "./shortfalls.js";
import { startFirst, startRest } from "./rules/start.js";
import { stopAll } from "./rules/stop.js";
import { inPhase } from "./trust-phase.js";
import type { Rule, Wish } from "./wish.js";

export const rules: Readonly<Record<Goal, readonly Rule[]>> = {
  running: [
    clearTheWay,
    proveTrust,
    adoptCa,
    compareMembers,
    checkV2Store,
    listFirst,
    prepare,
    listNext,
    startFirst,
    startRest,
    mark,
    dropDead,
    leave,
    retire,
    forget,
    join,
    readdress,
    saveFirst,
    goBack,
    roll,
    forgetCa,
    auth,
  ],
  renewed: [renew, listNext],
  stopped: [stopAll],
  absent: [stopAll, removeEverything],
  compacted: [compact],
  defragmented: [defragment],
  writable: [compactWhenFull, defragmentAll, disarmSpace],
  rebuilt: [expel, disarmCorrupt, ...[setAside, prepare, startRest, join, mark].map(ofRebuilt)],
};

/** Every rule speaks at most once per member or so; more than this is a bug in a rule. */
const stageLimit = 200;

/** @param inOrder the rules to ask; others than those of the goal are for proving that a wrong one is found out */
export function converge(
  wish: Wish,
  before: Facts,
  problems: readonly Problem[],
  inOrder: readonly Rule[] = rules[wish.goal],
): Plan {
  const stages: Stage[] = [];
  let now = before;
  if (!problems.some((problem) => problem.severity === "refuse")) {
    for (;;) {
      const wanted = firstWanted(inOrder, wish, now);
      if (wanted === undefined) break;
      invariant(stages.length < stageLimit, `planning does not end; the last stage was "${wanted.title}"`);
      now = wanted.steps.reduce((facts, step) => effectOf(step, facts), now);
      stages.push({ ...wanted, quorum: sayQuorum(quorum(now)) });
    }
  }
  const { spec, goal, version, clusterId } = wish;
  const short = problems.some(({ severity }) => severity === "refuse")
    ? []
    : shortfalls(inPhase(wish, now), now, stages.length > 0);
  return {
    format: 1,
    cluster: spec.name,
    goal,
    version,
    clusterId,
    before,
    stages,
    after: now,
    problems: [...problems, ...short],
  };
}

function firstWanted(inOrder: readonly Rule[], wanted: Wish, now: Facts): ReturnType<Rule> {
  const wish = inPhase(wanted, now);
  for (const rule of inOrder) {
    const stage = rule(wish, now);
    if (stage !== undefined && stage.steps.length > 0) return stage;
  }
  return undefined;
}
