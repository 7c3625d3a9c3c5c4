/** Wrong planners, each with one mistake that somebody has made with a real cluster. The proof has to find every one. */
import { converge, rules } from "../../src/plan/converge.js";
import type { Rule, WantedStage } from "../../src/plan/wish.js";
import { effectOf, type Step } from "../../src/steps/kinds.js";
import { join } from "../../src/plan/rules/join.js";
import { dropDead, leave } from "../../src/plan/rules/leave.js";
import { roll } from "../../src/plan/rules/roll.js";
import { saveFirst } from "../../src/plan/rules/save-first.js";
import type { Planner } from "./proof.js";

export interface Mutation {
  readonly name: string;
  readonly planner: Planner;
  /** Words of the violation that it must be found by. */
  readonly found: string;
}

const running = rules.running;
const swap =
  (rule: Rule, other: Rule): Planner =>
  (wish, before, problems) =>
    converge(
      wish,
      before,
      problems,
      running.map((one) => (one === rule ? other : one)),
    );

const stepsOf = (stage: WantedStage | undefined): readonly Step[] => stage?.steps ?? [];

/** The next one does not wait for the one before. */
const rollAtOnce: Rule = (wish, now) => {
  const stage = roll(wish, now);
  const [step] = stepsOf(stage);
  if (stage === undefined || step?.kind !== "restart-member") return stage;
  const [next] = stepsOf(roll(wish, effectOf(step, now)));
  return next?.kind === "restart-member" ? { ...stage, steps: [step, next] } : stage;
};

/** The leader like any other. */
const rollLeaderToo: Rule = (wish, now) => {
  const led = Object.fromEntries(
    Object.entries(now.members).map(([name, member]) => [name, { ...member, leader: false }]),
  );
  return roll(wish, { ...now, members: led });
};

/** Whoever is missing is struck off, however many are left. */
const leaveRegardless: Rule = (wish, now) => {
  const gone = Object.entries(now.members).find(
    ([, member]) => member.place === "former" && member.listed === "started",
  );
  if (gone === undefined) return undefined;
  return { title: "away with it", steps: [{ kind: "remove-member", member: gone[0], peerUrl: gone[1].listedAt }] };
};

/** An empty disk is no reason not to start. */
const startEmpty: Rule = (wish, now) => {
  const empty = wish.spec.members.find(
    ({ name }) => now.members[name]?.data === "absent" && now.members[name]?.listed === "started",
  );
  if (empty === undefined) return undefined;
  const step = {
    kind: "start-member",
    member: empty.name,
    unit: "etcd",
    config: "x",
    version: wish.version,
    bootstrap: undefined,
  } as const;
  return { title: "start it all the same", steps: [step] };
};

/** A new voter counts before it knows anything. */
const joinAtOnce: Rule = (wish, now) => {
  const stage = join(wish, now);
  const added = stepsOf(stage).find(({ kind }) => kind === "add-member");
  if (stage === undefined || added?.kind !== "add-member") return stage;
  return { ...stage, steps: [added, { kind: "promote-member", member: added.member, peerUrl: added.peerUrl }] };
};

/** Straight to the last version. */
const leap: Planner = (wish, facts, problems) => converge({ ...wish, hops: wish.hops.slice(-1) }, facts, problems);

export const mutations: readonly Mutation[] = [
  { name: "restarts two at once", planner: swap(roll, rollAtOnce), found: "one at a time" },
  {
    name: "restarts the leader without handing over",
    planner: swap(roll, rollLeaderToo),
    found: "without handing over",
  },
  {
    name: "adds before a dead one is removed",
    planner: (wish, facts, problems) =>
      converge(
        wish,
        facts,
        problems,
        running.flatMap((rule) => (rule === dropDead ? [] : rule === join ? [join, dropDead] : [rule])),
      ),
    found: "adds before a dead one is removed",
  },
  {
    name: "removes more than can be spared",
    planner: swap(leave, leaveRegardless),
    found: "no quorum without the removed member",
  },
  { name: "starts an empty disk under its old identity", planner: swap(dropDead, startEmpty), found: "starts empty" },
  { name: "promotes before it has started", planner: swap(join, joinAtOnce), found: "has not caught up" },
  { name: "leaps over a minor", planner: leap, found: "versions more than a minor apart" },
  {
    name: "stays short and silent",
    planner: (wish, facts, problems) => ({ ...swap(roll, () => undefined)(wish, facts, problems), problems: [] }),
    found: "without a reason",
  },
  { name: "goes round in circles", planner: swap(saveFirst, roundAndRound()), found: "leaves something to plan" },
];

/** Wants a snapshot of its own as long as the facts are those that were planned for. */
function roundAndRound(): Rule {
  let asked = 0;
  return (wish, now) => {
    const [first] = wish.spec.members;
    asked += 1;
    if (first === undefined || asked % 2 === 0 || now.members[first.name]?.serving !== "yes") return undefined;
    return {
      title: "once more",
      steps: [{ kind: "save-snapshot", member: first.name, clientUrl: first.client.url, label: `again-${asked}` }],
    };
  };
}
