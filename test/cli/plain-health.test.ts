import { describe, expect, it } from "vitest";
import { plainHealth } from "../../src/cli/plain-health.js";

describe("health without a parser", () => {
  it.each([
    [["health"], {}],
    [["health", "--json"], { json: true }],
    [["health", "-f", "other.yaml", "--no-color"], { file: "other.yaml", color: false }],
    [["health", "--file", "other.yaml", "--json"], { file: "other.yaml", json: true }],
  ])("reads %j", (argv, options) => {
    expect(plainHealth(argv)).toEqual(options);
  });

  it.each([
    [["--json", "health"]],
    [["health", "--watch"]],
    [["health", "--timeout", "3"]],
    [["health", "--file=other.yaml"]],
    [["health", "-f"]],
    [["health", "-f", "--json"]],
    [["health", "help"]],
    [["health", "--help"]],
    [["status"]],
    [[]],
  ])("leaves %j to the parser", (argv) => {
    expect(plainHealth(argv)).toBeUndefined();
  });
});
