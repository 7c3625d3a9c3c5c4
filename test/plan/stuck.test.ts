/** A member that its supervisor starts again and again counts as running; a plan must not pass it over in silence. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.js";
import type { Spec } from "../../src/spec/spec.js";
import { planOf, survey, type Survey } from "../../src/survey.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { arrange, formOnce, type Formed } from "../laws/arrange.js";

let formed: Formed;
beforeAll(async () => {
  formed = await formOnce(sampleSpec());
});

/** b, restarted so many times, does not serve. */
async function failing(restarts: number, spec: Spec = sampleSpec()): Promise<Plan> {
  const world = await arrange(formed, ["running", "running", "running"], true);
  const looked: Survey = await survey(spec, world.session());
  const b = looked.seen.hosts["b"];
  if (b?.reach !== "reachable") throw new Error("b can be reached");
  const service = { ...b.service, restarts, logTail: ["one", "two", "three", "no space left on device"] };
  const etcd = { ...looked.seen.etcd, b: { state: "silent" as const, why: "connection refused", kind: "refused" } };
  return planOf(spec, {
    ...looked,
    seen: { ...looked.seen, etcd, hosts: { ...looked.seen.hosts, b: { ...b, service } } },
  });
}

describe("a member that does not stay up", () => {
  it("is named with its last words, although nothing is to be done", async () => {
    const plan = await failing(7);
    expect(plan.stages).toEqual([]);
    expect(plan.problems).toMatchObject([
      { code: "E_MEMBER_FAILED", member: "b", severity: "degraded", message: expect.stringContaining("7 times") },
    ]);
    expect(plan.problems[0]?.found).toBe("two\nthree\nno space left on device");
  });

  it("is given time before", async () => {
    expect((await failing(2)).problems).toEqual([]);
  });

  it("is not accused when the plan restarts it", async () => {
    const plan = await failing(7, sampleSpec({ settings: { "heartbeat-interval": "50" } }));
    expect(
      plan.stages.flatMap(({ steps }) => steps).some(({ kind, member }) => kind === "restart-member" && member === "b"),
    ).toBe(true);
    expect(plan.problems.filter(({ code }) => code === "E_MEMBER_FAILED")).toEqual([]);
  });
});
