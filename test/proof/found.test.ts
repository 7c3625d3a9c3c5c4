/** Worlds in which the proof has found the planner wrong, and what is planned there since. */
import { describe, expect, it } from "vitest";
import { converge } from "../../src/plan/converge.js";
import type { State } from "./alphabet.js";
import { changes } from "./changes.js";
import { judges } from "./outcome.js";
import { newTally, prove } from "./proof.js";
import { oneWorld, type World } from "./worlds.js";

function world(name: string, ...states: State[]): World {
  const change = changes.find((one) => one.name === name);
  if (change === undefined) throw new Error(`no change is called ${name}`);
  const strangers = change.stranger === undefined ? 0 : 1;
  return oneWorld(change, states, states.length - strangers);
}

const stepsOf = ({ wish, facts }: World): string[] =>
  converge(wish, facts, []).stages.flatMap(({ steps }) => steps.map(({ kind, member }) => `${kind} ${member}`));

function violations(one: World): object {
  const tally = newTally();
  prove(one, tally);
  return tally.violations;
}

describe("a learner", () => {
  it("is not the first to be started when a quorum is to form, wherever it is in the file", () => {
    for (const states of [
      ["announced", "stopped", "cut off, serving"],
      ["stopped", "announced", "cut off, serving"],
    ] as const) {
      const found = world("a stranger is to go", ...states);
      expect(stepsOf(found)[0]).toBe(`start-member ${states[0] === "stopped" ? "a" : "b"}`);
      expect(violations(found)).toEqual({});
    }
  });
});

describe("a disk that was lost", () => {
  it("is a reason to stop when the member that would make a quorum hangs", () => {
    const found = world("none", "level", "hung", "disk lost");
    expect(stepsOf(found)).toEqual([]);
    expect(judges(found.wish, found.facts)).toMatchObject([{ code: "E_DATA_LOST", member: "c" }]);
    expect(violations(found)).toEqual({});
  });
});
