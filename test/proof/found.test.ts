/** Worlds in which the proof has found the planner wrong, and what is planned there since. */
import { describe, expect, it } from "vitest";
import { converge } from "../../src/plan/converge.js";
import type { State } from "./alphabet.js";
import { changes } from "./changes.js";
import { judges } from "./outcome.js";
import { newTally, prove, proveAgain } from "./proof.js";
import { oneWorld, type World } from "./worlds.js";

function world(name: string, ...states: State[]): World {
  const change = changes.find((one) => one.name === name);
  if (change === undefined) throw new Error(`no change is called ${name}`);
  const strangers = change.stranger === undefined ? 0 : 1;
  return oneWorld(change, states, states.length - strangers);
}

const stepsOf = ({ wish, facts }: World): string[] =>
  converge(wish, facts, []).stages.flatMap(({ steps }) => steps.map(({ kind, member }) => `${kind} ${member}`));

function violations(one: World, how: typeof prove | typeof proveAgain = prove): object {
  const tally = newTally();
  how(one, tally);
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

  it("that was announced at an address where it never came up is removed, and announced at the other", () => {
    const found = world("readdress 1, downtime accepted", "a hop behind", "announced");
    expect(stepsOf(found)).toEqual(expect.arrayContaining(["remove-member b", "add-member b", "start-member b"]));
    expect(stepsOf(found)).not.toContain("update-member b");
    expect(violations(found, proveAgain)).toEqual({});
  });
});

describe("a member that moved while it was down", () => {
  it("is told to the others first, and started where they look for it then", () => {
    const found = world("readdress 1", "level", "level", "stopped");
    expect(stepsOf(found)).toEqual(["install-unit c", "update-member c", "start-member c"]);
    expect(violations(found, proveAgain)).toEqual({});
  });

  it("comes up where it is when there is no quorum without it, and is not restarted for what the others are told then", () => {
    const found = world("readdress 1", "level", "stopped");
    expect(stepsOf(found)).toEqual(["install-unit b", "start-member b", "update-member b"]);
    expect(violations(found, proveAgain)).toEqual({});
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
