/** What is seen when a run ends in the middle of a stage, or when one further member is lost while a plan is under way. */
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import type { Plan } from "../../src/plan/plan.js";
import { effectOf } from "../../src/steps/kinds.js";
import { unseen } from "./alphabet.js";
import { hasQuorum } from "./live.js";
import { liveOf } from "./worlds.js";

export interface Interruption {
  readonly what: string;
  readonly facts: Facts;
  /** Nothing was lost, so the same end must be reached. */
  readonly whole: boolean;
}

const silent = { peer: "unknown", serving: "no", version: "", storage: "", caughtUp: "no", leader: false } as const;

const losses: Readonly<Record<string, (member: MemberFacts) => MemberFacts>> = {
  dead: (member) => ({ ...member, ...unseen, ...silent, reach: "no" }),
  "without its disk": (member) => ({ ...member, ...silent, process: "stopped", config: "", data: "absent" }),
};

/** Every boundary of a plan: the run ends there, or goes on with one member fewer. */
export function* interruptions({ before, stages }: Plan): Generator<Interruption> {
  let now = before;
  for (const [index, { steps }] of stages.entries()) {
    for (const [position, step] of steps.entries()) {
      now = effectOf(step, now);
      const what = `after step ${position + 1} of stage ${index + 1}`;
      const seen = step.kind === "update-member" && position < steps.length - 1 ? cutOff(now, step.member) : now;
      if (position < steps.length - 1) yield { what, facts: seen, whole: true };
      for (const [name, member] of Object.entries(now.members)) {
        if (member.listed === "absent" || member.serving !== "yes") continue;
        for (const [how, lose] of Object.entries(losses)) {
          if (how === "without its disk" && member.reach !== "yes") continue;
          const facts = without(seen, name, lose);
          if (facts !== undefined) yield { what: `${what}, ${name} ${how}`, facts, whole: false };
        }
      }
    }
  }
}

/** The others dial its new address, where nobody listens before it is restarted. */
const cutOff = (now: Facts, name: string): Facts =>
  withLeader({ ...now, members: change(now, name, (member) => ({ ...member, caughtUp: "no", leader: false })) });

const change = (now: Facts, name: string, how: (member: MemberFacts) => MemberFacts): Facts["members"] =>
  Object.fromEntries(
    Object.entries(now.members).map(([other, member]) => [other, other === name ? how(member) : member]),
  );

/** @returns undefined when too few are left to go on at all */
function without(now: Facts, name: string, lose: (member: MemberFacts) => MemberFacts): Facts | undefined {
  const facts = { ...now, members: change(now, name, lose) };
  return hasQuorum(Object.values(facts.members).map(liveOf)) ? withLeader(facts) : undefined;
}

function withLeader(facts: Facts): Facts {
  if (Object.values(facts.members).some(({ leader }) => leader)) return facts;
  const next = Object.entries(facts.members).find(([, member]) => liveOf(member).voter && member.caughtUp === "yes");
  return next === undefined
    ? facts
    : { ...facts, members: change(facts, next[0], (member) => ({ ...member, leader: true })) };
}
