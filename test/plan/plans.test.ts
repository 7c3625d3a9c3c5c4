/** What is planned in which situation, on one page. */
import { beforeAll, describe, expect, it } from "vitest";
import { planOf, survey, type PlanOptions } from "../../src/survey.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { planLines } from "../../src/testing/transcript.js";
import { arrange, formOnce, type Formed, type State } from "../laws/arrange.js";

let three: Formed;
let five: Formed;
beforeAll(async () => {
  three = await formOnce(sampleSpec());
  five = await formOnce(sampleSpec({ members: 5 }));
});

interface Situation extends PlanOptions {
  readonly members: readonly State[];
  /** The operator's records say that the cluster was formed; they do, unless said otherwise. */
  readonly known?: boolean;
}

async function page(title: string, situations: readonly Situation[]): Promise<void> {
  const lines: string[] = [];
  for (const { members, known = true, ...options } of situations) {
    const world = await arrange(members.length === 3 ? three : five, members, known);
    const plan = planOf(world.spec, await survey(world.spec, world.session()), { stamp: "then", ...options });
    const states = world.machines.map(({ name }, index) => `${name} ${members[index]}`).join(", ");
    const wish = [
      options.goal ?? "running",
      ...(options.moveAside ?? []).map((name) => `move aside ${name}`),
      ...(known ? [] : ["nobody has records of it"]),
    ].join(", ");
    lines.push(`== ${states} → ${wish}`, ...planLines(plan), "");
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`__golden__/${title}.txt`);
}

describe("plans", () => {
  it("for a new cluster", () =>
    page("new-cluster", [
      { members: ["fresh", "fresh", "fresh"], known: false },
      { members: ["prepared", "prepared", "prepared"], known: false },
      { members: ["fresh", "half prepared", "prepared"], known: false },
      { members: ["fresh", "fresh", "away"], known: false },
      { members: ["fresh", "away", "away"], known: false },
      { members: ["fresh", "foreign data", "fresh"], known: false },
      { members: ["fresh", "foreign data", "fresh"], known: false, moveAside: ["b"] },
    ]));

  it("for a cluster that was formed", () =>
    page("formed-cluster", [
      { members: ["running", "running", "running"] },
      { members: ["running", "running", "running unmarked"], known: false },
      { members: ["running", "running", "fresh"] },
      { members: ["running", "running drifted", "failed"] },
      { members: ["stopped", "stopped", "stopped"] },
      { members: ["stopped", "away", "stopped"] },
      { members: ["stopped", "away", "away"] },
      { members: ["running", "away running", "stopped"] },
      { members: ["running", "stopped", "stopped", "running", "running"] },
    ]));

  it("where data is missing", () =>
    page("missing-data", [
      { members: ["running", "running", "data lost"] },
      { members: ["running", "running", "data and mark lost"] },
      { members: ["stopped", "stopped", "data and mark lost"] },
      { members: ["stopped", "data lost", "data and mark lost"] },
      { members: ["stopped", "fresh", "fresh"] },
      { members: ["data lost", "data lost", "data lost"], known: false },
      { members: ["running", "running", "foreign data"], moveAside: ["c"] },
    ]));

  it("for an end", () =>
    page("end", [
      { members: ["running", "running", "failed"], goal: "stopped" },
      { members: ["stopped", "stopped", "stopped"], goal: "stopped" },
      { members: ["running", "away", "stopped"], goal: "stopped" },
      { members: ["running", "stopped", "half prepared"], goal: "absent" },
      { members: ["fresh", "fresh", "fresh"], goal: "absent", known: false },
    ]));
});
