/** Every small world there is: three members, each in every state, with an operator who remembers the cluster or does not. */
import { beforeAll, describe, expect, it } from "vitest";
import { quorum } from "../../src/observe/quorum.js";
import { isEmpty, refused, type Plan } from "../../src/plan/plan.js";
import { effectOf } from "../../src/steps/kinds.js";
import { planOf, survey } from "../../src/survey.js";
import { attempt, factsNow } from "../../src/testing/attempt.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { allOf, arrange, formOnce, stateNames, type Formed, type State } from "./arrange.js";

let formed: Formed;
beforeAll(async () => {
  formed = await formOnce(sampleSpec());
});

/** Whether anybody who can be asked remembers that the cluster exists. With no witness left, nobody could know better. */
function witnessed(states: readonly State[], known: boolean): boolean {
  const running = states.filter((state) => state.includes("running")).length;
  const marked: readonly State[] = ["stopped", "running", "running drifted", "failed", "data lost"];
  return known || running >= 2 || states.some((state) => marked.includes(state));
}

const count = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

const sorted = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([key, n]) => `${n} ${key}`)
    .join("; ");

function checkQuorum(plan: Plan, label: string): void {
  let now = plan.before;
  if (quorum(now).spare < 0) return;
  for (const step of plan.stages.flatMap(({ steps }) => steps)) {
    now = effectOf(step, now);
    expect(quorum(now).spare, label).toBeGreaterThanOrEqual(0);
  }
}

describe("plans for every small world", () => {
  it(
    "keep a quorum, start no member without what it had, and end in the spec or say why not",
    { timeout: 300_000 },
    async () => {
      const kinds: Record<string, number> = {};
      let unwitnessed = 0;
      for (const states of allOf(3)) {
        for (const known of [true, false]) {
          const label = `${states.join(", ")}${known ? ", known" : ""}`;
          const world = await arrange(formed, states, known);
          const looked = await survey(world.spec, world.session());
          const plan = planOf(world.spec, looked);
          checkQuorum(plan, label);
          let now = plan.before;
          for (const step of plan.stages.flatMap(({ steps }) => steps)) {
            const listed = now.members[step.member]?.listed;
            now = effectOf(step, now);
            if (step.kind !== "start-member" || plan.before.members[step.member]?.data === "ours") continue;
            // What it had is of no account once the cluster has a new entry for it.
            if (listed === "unstarted" && plan.before.members[step.member]?.listed !== "unstarted") continue;
            const hadData = world.machine(step.member).had.size > 0;
            if (hadData && witnessed(states, known))
              expect.fail(`${label}: ${step.member} would start empty although it has had data`);
            if (hadData) unwitnessed += 1;
          }
          const asWanted = Object.values(plan.after.members).every(
            (member) => member.process === "up" && member.mark === "yes" && member.data === "ours",
          );
          expect(
            asWanted || plan.problems.some(({ severity }) => severity !== "warn"),
            `${label}: neither as wanted nor a reason why not`,
          ).toBe(true);
          count(
            kinds,
            refused(plan)
              ? "refused"
              : `${isEmpty(plan) ? "empty" : "with work"}${plan.problems.length > 0 ? ", degraded" : ""}`,
          );
        }
      }
      console.log(
        `${2 * stateNames.length ** 3} worlds of ${stateNames.length} states; plans: ${sorted(kinds)}; without any witness left: ${unwitnessed} starts`,
      );
    },
  );
});

describe("runs in small worlds", () => {
  /** Order matters only for who goes first, so each combination is tried in one order, a different one each time. */
  const combinations = allOf(3).filter(([a = "fresh", b = "fresh", c = "fresh"], index) => {
    const rank = (state: State): number => stateNames.indexOf(state);
    const turned =
      [
        [a, b, c],
        [b, c, a],
        [c, a, b],
      ][index % 3]?.map(rank) ?? [];
    return turned.every((value, position) => position === 0 || value >= (turned[position - 1] ?? 0));
  });

  it(
    "do what was planned, or say why not, and planning again finds nothing left to do",
    { timeout: 300_000 },
    async () => {
      const outcomes: Record<string, number> = {};
      for (const [index, states] of combinations.entries()) {
        const known = index % 2 === 0;
        const label = `${states.join(", ")}${known ? ", known" : ""}`;
        const world = await arrange(formed, states, known);
        const first = await attempt(world);
        const outcome =
          first.report === undefined
            ? (first.error?.code ?? (first.plan !== undefined && refused(first.plan) ? "refused" : "nothing to do"))
            : `${first.report.outcome} ${first.report.failure?.code ?? ""}`;
        count(outcomes, outcome.trim());
        expect(["E_CHANGED", "E_REFUSED", "E_NO_EFFECT"], label).not.toContain(
          first.error?.code ?? first.report?.failure?.code,
        );
        if (witnessed(states, known)) expect(world.etcd.amnesia, label).toEqual([]);
        expect(
          world.machines.filter(({ lock }) => lock !== undefined),
          label,
        ).toEqual([]);
        if (first.report?.outcome !== "done" && first.report?.outcome !== "degraded") continue;
        const facts = await factsNow(world);
        const own = [
          "user",
          "directories",
          "releases",
          "trust",
          "unit",
          "enabled",
          "process",
          "config",
          "data",
          "mark",
        ] as const;
        for (const [name, member] of Object.entries(first.plan?.after.members ?? {})) {
          if (member.reach === "yes")
            for (const key of own)
              expect(facts.members[name]?.[key], `${label}: ${key} of ${name}`).toEqual(member[key]);
        }
        // What was left out for want of a witness may be done, or refused for good, now that members serve.
        const second = await attempt(world);
        const third = await attempt(world);
        expect([third.error, third.plan?.stages], label).toEqual([undefined, []]);
        if (first.report.outcome === "done")
          expect([second.plan?.stages, second.plan?.problems], label).toEqual([[], []]);
        else
          expect(
            first.plan?.problems.some(({ severity }) => severity === "degraded"),
            label,
          ).toBe(true);
      }
      console.log(`${combinations.length} worlds; outcomes: ${sorted(outcomes)}`);
    },
  );
});
