import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { tellFailure } from "../../src/cli/tell-failure.js";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { sit } from "./fake-sitting.js";

const locked = new QuorateError("E_LOCKED", "ann on desk has held the lock since noon", { where: "a" });

describe("a failure", () => {
  it("of the world is told on standard error, without a stack", () => {
    const sitting = sit();
    expect(tellFailure(locked, sitting.session)).toBe(1);
    expect(sitting.err()).toContain("E_LOCKED");
    expect(sitting.err()).not.toMatch(/\n\s+at /);
    expect(sitting.out()).toBe("");
  });

  it("of many parts is told whole", () => {
    const sitting = sit();
    tellFailure(new QuorateErrors([locked, locked, locked]), sitting.session);
    expect(sitting.err().match(/^✗/gm)).toHaveLength(3);
  });

  it("is one line of JSON on standard output when JSON is wanted", () => {
    const sitting = sit({ json: true });
    tellFailure(locked, sitting.session);
    expect(sitting.out().trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(sitting.out())).toMatchObject({ problems: [{ code: "E_LOCKED", where: "a" }] });
    expect(sitting.err()).toBe("");
  });

  it("that the operator wished for has an exit code of its own", () => {
    expect(tellFailure(new QuorateError("E_INTERRUPTED", "stopped"), sit().session)).toBe(130);
  });

  it("of our own asks for a report, and shows where it happened", () => {
    const sitting = sit();
    expect(tellFailure(new TypeError("x is not a function"), sitting.session)).toBe(1);
    expect(sitting.err()).toContain("This is a bug in quorate, please report it");
    expect(sitting.err()).toMatch(/\n\s+at .*tell-failure\.test/);
  });

  it("is none when help was asked for", () => {
    const sitting = sit();
    expect(tellFailure(new CommanderError(0, "commander.helpDisplayed", "(outputHelp)"), sitting.session)).toBe(0);
    expect(sitting.err()).toBe("");
  });
});
