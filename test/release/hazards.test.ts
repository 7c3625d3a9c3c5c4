import { describe, expect, it } from "vitest";
import { acceptableHazards, notAcceptable } from "../../src/release/accept.js";
import { hazardNamed, hazards, hazardsOf, type Occasion } from "../../src/release/hazards.js";
import { compareVersions } from "../../src/release/versions.js";

const ids = (occasion: Occasion): string[] => hazardsOf(occasion).map(({ id }) => id);

describe("the table of hazards", () => {
  it("is data: every entry says when, how it is seen, what to do and where that is written", () => {
    expect(JSON.parse(JSON.stringify(hazards))).toEqual(hazards);
    expect(new Set(hazards.map(({ id }) => id)).size).toBe(hazards.length);
    for (const hazard of hazards) {
      expect(hazard.id).toMatch(/^[a-z0-9.-]+$/);
      expect(hazard.triggers.length).toBeGreaterThan(0);
      for (const words of [hazard.detection, hazard.text, hazard.next, hazard.source])
        expect(words.length).toBeGreaterThan(5);
    }
  });

  it("has ranges that hold something", () => {
    for (const { id, version = [], running = [], target = [] } of hazards)
      for (const { from = "0.0.0", below = "9.0.0" } of [...version, ...running, ...target])
        expect([id, compareVersions(from, below)]).toEqual([id, expect.any(Number)]);
    const empty = hazards.filter(({ version = [], running = [], target = [] }) =>
      [...version, ...running, ...target].some(
        ({ from, below }) => from !== undefined && below !== undefined && compareVersions(from, below) >= 0,
      ),
    );
    expect(empty).toEqual([]);
  });

  it.each([
    [{ trigger: "upgrade", running: ["3.5.31"], target: "3.6.16" }, "gate-3.6", true],
    [{ trigger: "upgrade", running: ["3.5.33", "3.5.31"], target: "3.6.16" }, "gate-3.6", true],
    [{ trigger: "upgrade", running: ["3.5.32"], target: "3.6.16" }, "gate-3.6", false],
    [{ trigger: "upgrade", running: ["3.6.10"], target: "3.7.1" }, "gate-3.7", true],
    [{ trigger: "upgrade", running: ["3.6.11"], target: "3.7.1" }, "gate-3.7", false],
    [{ trigger: "upgrade", running: ["3.4.45"], target: "3.5.33" }, "auth-across-3.5", true],
    [{ trigger: "upgrade", running: ["3.5.33"], target: "3.6.16" }, "v2-content", true],
    [{ trigger: "upgrade", running: ["3.5.33"], target: "3.6.16" }, "zombie-members", true],
    [{ trigger: "upgrade", running: ["3.4.45"], target: "3.6.16" }, "one-minor-at-a-time", true],
    [{ trigger: "upgrade", running: ["3.5.33"], target: "3.6.4" }, "first-3.6", true],
    [{ trigger: "upgrade", running: ["3.6.4"], target: "3.6.16" }, "first-3.6", false],
    [{ trigger: "run", running: ["3.6.4", "3.6.16"] }, "first-3.6", true],
    [{ trigger: "create", target: "3.5.2" }, "data-inconsistency-3.5", true],
    [{ trigger: "downgrade", running: ["3.5.33"], target: "3.4.45" }, "downgrade-to-3.4", true],
    [{ trigger: "defragment", running: ["3.4.37"] }, "defragment-while-catching-up", true],
    [{ trigger: "defragment", running: ["3.4.38"] }, "defragment-while-catching-up", false],
    [{ trigger: "defragment", running: ["3.5.22"] }, "defragment-while-catching-up", true],
    [{ trigger: "defragment", running: ["3.5.23", "3.6.5"] }, "defragment-while-catching-up", false],
    [{ trigger: "add-member", running: ["3.5.29"] }, "add-while-one-is-down", true],
    [{ trigger: "add-member", running: ["3.5.30", "3.6.11"] }, "add-while-one-is-down", false],
    [{ trigger: "add-member", running: ["3.5.30"], target: "3.6.11" }, "joiner-not-newer", true],
    [{ trigger: "update-member", running: ["3.6.11"] }, "learner-updated", true],
    [{ trigger: "update-member", running: ["3.5.31", "3.6.12", "3.7.1"] }, "learner-updated", false],
    [{ trigger: "run", running: ["3.5.27"] }, "stale-reads", true],
    [{ trigger: "run", running: ["3.4.19", "3.4.42", "3.5.28", "3.6.9"] }, "stale-reads", false],
    [{ trigger: "run", running: ["3.5.33", "3.6.16"] }, "mixed-lines", true],
    [{ trigger: "run", running: ["3.4.45", "3.6.16"] }, "too-mixed", true],
    [{ trigger: "restore", target: "3.4.45" }, "restore-leaves-members", true],
    [{ trigger: "create", target: "3.4.45", arch: "arm64" }, "unsupported-arch-3.4", true],
    [{ trigger: "create", target: "3.4.45", arch: "amd64" }, "unsupported-arch-3.4", false],
  ] satisfies [Occasion, string, boolean][])("%j: %s is %s", (occasion, id, expected) => {
    expect(ids(occasion).includes(id)).toBe(expected);
  });
});

describe("what may be accepted", () => {
  it("is what the table marks so, and nothing that loses data for certain", () => {
    expect(acceptableHazards.map(({ id }) => id).sort()).toEqual([
      "auth-across-3.5",
      "defragment-crash-3.5",
      "forced-cluster-keeps-members",
      "gate-3.6",
      "gate-3.7",
    ]);
    expect(notAcceptable("gate-3.6")).toBeUndefined();
    expect(notAcceptable("one-minor-at-a-time")).toBe(
      `one-minor-at-a-time cannot be accepted: ${hazardNamed("one-minor-at-a-time").next}`,
    );
    expect(notAcceptable("gate-3.9")).toBe("there is no hazard called gate-3.9");
  });
});
