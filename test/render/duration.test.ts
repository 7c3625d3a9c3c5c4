import { describe, expect, it } from "vitest";
import { elapsed, goDuration, until } from "../../src/render/duration.js";

describe("a duration as Go prints it", () => {
  it.each([
    [0, "0s"],
    [0.000001, "1ns"],
    [0.512, "512µs"],
    [0.5121, "512.1µs"],
    [1.687897, "1.687897ms"],
    [2, "2ms"],
    [999.999999, "999.999999ms"],
    [1_000, "1s"],
    [1_500, "1.5s"],
    [5_000.000001, "5.000000001s"],
    [60_000, "1m0s"],
    [90_250, "1m30.25s"],
    [3_600_000, "1h0m0s"],
    [93_784_000, "26h3m4s"],
  ])("%d milliseconds are %s", (milliseconds, text) => {
    expect(goDuration(milliseconds)).toBe(text);
  });
});

describe("how long something took", () => {
  it.each([
    [0.04, "0 ms"],
    [1.24, "1.2 ms"],
    [9.96, "10 ms"],
    [512.4, "512 ms"],
    [999.6, "1.0 s"],
    [59_949, "59.9 s"],
    [59_950, "1m 0s"],
    [200_000, "3m 20s"],
  ])("%d milliseconds are %s", (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text);
  });
});

describe("how long until then", () => {
  const now = Date.UTC(2026, 10, 22);
  const hour = 3_600_000;
  it.each([
    [364 * 24 * hour, "364 days"],
    [25 * hour, "25 hours"],
    [hour, "60 minutes"],
    [61_000, "1 minute"],
    [-3 * 24 * hour, "expired 3 days ago"],
  ])("%d milliseconds away is %s", (away, text) => {
    expect(until(now + away, now)).toBe(text);
  });
});
