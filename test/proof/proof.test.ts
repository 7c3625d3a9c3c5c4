/**
 * The slice of the proof that fits into every run of the tests, and the same one in each unless QUORATE_LAW_SEED says
 * otherwise; `npm run proof` does all of it.
 */
import { describe, expect, it } from "vitest";
import { mutations } from "./mutations.js";
import { newTally, prove, proveAgain } from "./proof.js";
import { all } from "./sample.js";
import { sayTally } from "./say.js";

const seed = Number(process.env["QUORATE_LAW_SEED"] ?? 1);
const timeout = 600_000;

describe("plans for members in every state and for every change of the file", () => {
  it(
    "lose no data and no quorum, in clusters of one and two, also when a run ends or another member is lost midway",
    { timeout },
    () => {
      const tally = newTally();
      for (const world of all([1])) proveAgain(world, tally);
      for (const world of all([2], 29, seed)) proveAgain(world, tally);
      for (const world of all([2])) prove(world, tally);
      console.log(sayTally("one and two members, every world", tally));
      expect(tally.plans).toBeGreaterThan(10_000);
      expect(tally.violations).toEqual({});
    },
  );

  it("nor in some clusters of three and of four", { timeout }, () => {
    const tally = newTally();
    for (const world of all([3], 37, seed)) prove(world, tally);
    for (const world of all([3], 2_003, seed)) proveAgain(world, tally);
    for (const world of all([4], 499, seed)) prove(world, tally);
    console.log(sayTally(`three members and four, by seed ${seed}`, tally));
    expect(tally.violations).toEqual({});
  });
});

describe("a wrong planner is found out", () => {
  it.each(mutations)("that $name", { timeout }, ({ planner, found }) => {
    const tally = newTally();
    for (const world of all([3], 101, seed)) prove(world, tally, planner);
    expect(Object.keys(tally.violations).filter((what) => what.includes(found))).not.toEqual([]);
  });
});
