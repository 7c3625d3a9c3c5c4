/** Laws 4, 5 and 6 of ARCHITECTURE: about plans, for any facts at all, also those that no cluster would show. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plannedClusterId } from "../../src/observe/facts-of.js";
import { equal, silent, withMember, type Facts } from "../../src/observe/facts.js";
import { quorum } from "../../src/observe/quorum.js";
import { converge } from "../../src/plan/converge.js";
import type { Goal, Plan } from "../../src/plan/plan.js";
import type { Wish } from "../../src/plan/wish.js";
import { effectOf, isDone, type Step } from "../../src/steps/kinds.js";
import { keyCanary } from "../../src/testing/fake-authority.js";
import { anyFacts } from "./arbitrary/facts.js";
import { anySpec } from "./arbitrary/spec.js";
import { law } from "./law.js";

interface Case {
  readonly wish: Wish;
  readonly facts: Facts;
  readonly plan: Plan;
}

const anyCase = (goals: readonly Goal[]): fc.Arbitrary<Case> =>
  anySpec.chain((spec) =>
    fc
      .tuple(anyFacts(spec), fc.constantFrom(...goals), fc.subarray(spec.members.map(({ name }) => name)))
      .map(([facts, goal, moveAside]) => {
        const clusterId = facts.formed === "no" ? plannedClusterId(spec) : facts.formed;
        const version = spec.etcd.version ?? "";
        const way = { version, hops: [version], from: undefined, remove: [], downtime: false };
        const wish: Wish = { spec, goal, ...way, clusterId, moveAside, stamp: "1" };
        return { wish, facts, plan: converge(wish, facts, []) };
      }),
  );

/** What is asked of the cluster, or done with the operator's own records: no host need answer for it. */
const onCluster = new Set<Step["kind"]>([
  ...(["add-member", "promote-member", "remove-member", "update-member", "move-leader"] as const),
  ...(["allow-downgrade", "save-snapshot", "compact", "disarm-alarm", "defragment-member"] as const),
  ...(["adopt-ca", "forget-ca", "prove-trust"] as const),
]);

const goals: readonly Goal[] = ["running", "stopped", "absent"];

/** The facts before each step, in the order in which a stage's steps may come at the earliest. */
function prefixes(
  { stages }: Plan,
  before: Facts,
): { readonly step: Plan["stages"][number]["steps"][number]; readonly now: Facts }[] {
  let now = before;
  return stages.flatMap(({ steps }) =>
    steps.map((step) => {
      const entry = { step, now };
      now = effectOf(step, now);
      return entry;
    }),
  );
}

/** A restart is a stop and a start; in between, the member is down. */
const inTheMiddle = (step: Step, now: Facts): Facts =>
  step.kind === "restart-member" || step.kind === "stop-member"
    ? withMember(now, step.member, { process: "stopped", ...silent })
    : now;

describe("law 4: what has a quorum keeps it", () => {
  it("through every prefix of a plan that is to leave the cluster running, and in the middle of every restart", () => {
    law(anyCase(["running"]), ({ facts, plan }) => {
      if (quorum(facts).spare < 0) return;
      for (const { step, now } of prefixes(plan, facts)) {
        expect(quorum(inTheMiddle(step, now)).spare, `in ${step.kind}`).toBeGreaterThanOrEqual(0);
        expect(quorum(effectOf(step, now)).spare, `after ${step.kind}`).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it("and no process is stopped for good but one that the cluster does not count on", () => {
    law(anyCase(["running"]), ({ facts, plan }) => {
      for (const { step, now } of prefixes(plan, facts)) {
        const [before, after] = [now.members[step.member], effectOf(step, now).members[step.member]?.process];
        if (before?.process === "up" && after !== "up")
          expect([step.kind, before.listed]).toEqual(["retire-member", "absent"]);
      }
    });
  });
});

describe("law 5: a plan leads to where nothing is left to plan", () => {
  it("for every goal", () => {
    law(anyCase(goals), ({ wish, plan }) => {
      expect(converge(wish, plan.after, []).stages).toEqual([]);
    });
  });

  it("has no stage that changes nothing, and after is what its steps lead to", () => {
    law(anyCase(goals), ({ facts, plan }) => {
      let now = facts;
      for (const { steps, title } of plan.stages) {
        const next = steps.reduce((before, step) => effectOf(step, before), now);
        expect(equal(next, now), title).toBe(false);
        now = next;
      }
      expect(now).toEqual(plan.after);
    });
  });

  it("plans no step that is done already", () => {
    law(anyCase(goals), ({ facts, plan }) => {
      for (const { step, now } of prefixes(plan, facts)) {
        expect(isDone(step, now), `${step.kind} on ${step.member}`).toBe(false);
      }
    });
  });

  it("leaves alone hosts that it cannot reach", () => {
    law(anyCase(goals), ({ facts, plan }) => {
      for (const { steps } of plan.stages)
        for (const { kind, member } of steps)
          if (!onCluster.has(kind)) expect(facts.members[member]?.reach, kind).toBe("yes");
    });
  });
});

describe("law 6: a plan is data", () => {
  it("survives JSON and carries no secret", () => {
    law(anyCase(goals), ({ plan }) => {
      const text = JSON.stringify(plan);
      expect(equal(JSON.parse(text), plan)).toBe(true);
      expect(text).not.toMatch(new RegExp(`${keyCanary}|PRIVATE KEY`));
    });
  });

  it("is the same for the same facts", () => {
    law(anyCase(goals), ({ wish, facts, plan }) => {
      expect(converge(wish, structuredClone(facts), [])).toEqual(plan);
    });
  });
});

describe("data is never lost by a start", () => {
  it("no plan starts an empty member of which anybody knows that it has had data", () => {
    law(anyCase(["running"]), ({ facts, plan }) => {
      for (const { step, now } of prefixes(plan, facts)) {
        const member = now.members[step.member];
        if (step.kind !== "start-member" || member?.data === "ours") continue;
        expect([member?.data, member?.listed === "started"]).toEqual(["absent", false]);
        // It had data in an earlier life, and the cluster has a new entry for it that nobody has started.
        if (member?.mark === "yes" || facts.formed !== "no") expect(member?.listed).toBe("unstarted");
      }
    });
  });

  it("and none moves or removes data that is the member's own, unless everything is to go", () => {
    law(anyCase(["running", "stopped"]), ({ wish, facts, plan }) => {
      for (const { step, now } of prefixes(plan, facts)) {
        expect(step.kind).not.toBe("remove-files");
        if (step.kind === "move-aside")
          expect([now.members[step.member]?.data, wish.moveAside.includes(step.member)]).toEqual(["foreign", true]);
      }
    });
  });
});
