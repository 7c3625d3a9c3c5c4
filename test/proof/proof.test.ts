/**
 * The slice of the proof that fits into every run of the tests, and the same one in each unless QUORATE_LAW_SEED says
 * otherwise; `npm run proof` does all of it.
 */
import { describe, expect, it } from "vitest";
import { converge } from "../../src/plan/converge.js";
import { changes } from "./changes.js";
import { mutations } from "./mutations.js";
import { newTally, prove, proveAgain } from "./proof.js";
import { rememberingPlanner } from "./remember.js";
import { all, some } from "./sample.js";
import { sayTally } from "./say.js";

const seed = Number(process.env["QUORATE_LAW_SEED"] ?? 1);
const timeout = 600_000;

describe("plans for members in every state and for every change of the file", () => {
  it(
    "lose no data and no quorum, in clusters of one and two, also when a run ends or another member is lost midway",
    { timeout },
    () => {
      const tally = newTally();
      const planner = rememberingPlanner();
      for (const world of all([1])) proveAgain(world, tally, planner);
      for (const world of all([2], 11, seed)) proveAgain(world, tally, planner);
      for (const world of all([2])) prove(world, tally, planner);
      console.log(sayTally("one and two members, every world", tally));
      expect(tally.plans).toBeGreaterThan(10_000);
      expect(tally.violations).toEqual({});
    },
  );

  it("nor in some clusters of three, four and five", { timeout }, () => {
    const tally = newTally();
    const planner = rememberingPlanner();
    for (const world of all([3], 19, seed)) prove(world, tally, planner);
    for (const world of all([3], 2_003, seed)) proveAgain(world, tally, planner);
    for (const world of all([4], 997, seed)) prove(world, tally, planner);
    for (const change of changes.filter(({ added }) => added === undefined).slice(0, 6))
      for (const world of some(change, 5, 997, seed)) prove(world, tally, planner);
    console.log(sayTally(`three members and more, by seed ${seed}`, tally));
    expect(tally.violations).toEqual({});
  });

  it("whatever the members are called: in which order the file names them makes no difference", { timeout }, () => {
    const tally = newTally();
    const planner = rememberingPlanner();
    for (const world of all([2], 3, seed, true)) prove(world, tally, planner);
    for (const world of all([3], 499, seed, true)) prove(world, tally, planner);
    console.log(sayTally(`two and three members in every order, by seed ${seed}`, tally));
    expect(tally.violations).toEqual({});
  });
});

describe("what makes the proof cheap", () => {
  it("changes no plan", { timeout }, () => {
    const planner = rememberingPlanner();
    for (const { wish, facts } of all([2, 3], 61, seed))
      expect(planner(wish, facts, [])).toEqual(converge(wish, facts, []));
  });
});

describe("a wrong planner is found out", () => {
  const worlds = [...all([3], 101, seed)];
  it.each(mutations)("that $name", { timeout }, ({ planner, found }) => {
    const tally = newTally();
    for (const world of worlds) prove(world, tally, planner);
    expect(Object.keys(tally.violations).filter((what) => what.includes(found))).not.toEqual([]);
  });
});
