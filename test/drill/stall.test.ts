import { describe, expect, it } from "vitest";
import type { History } from "../../src/drill/history.js";
import { judge } from "../../src/drill/oracle/judge.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { soundHistory, step } from "./sample-history.js";

const shifted = <T extends { readonly invoked: number; readonly returned: number }>(entry: T, by: number): T => ({
  ...entry,
  invoked: entry.invoked + by,
  returned: entry.returned + by,
});

/** A sound history in which nothing is acknowledged for so many milliseconds after the instant 800. */
function stalled(milliseconds: number): ReturnType<typeof soundHistory> {
  const history = soundHistory();
  const late = <T extends { readonly invoked: number; readonly returned: number }>(entry: T): T =>
    entry.invoked < 800 ? entry : shifted(entry, milliseconds);
  history.writes = history.writes.map(late);
  history.reads = history.reads.map(late);
  history.endedAt += milliseconds;
  return history;
}

describe("the longest stall", () => {
  it("is that of all writers together, and that of the one that waited longest", () => {
    const { stall } = judge(soundHistory() as History);
    expect(stall.longest).toBe(2 * step + 5);
    expect(stall.writer).toBe(3 * step + 5);
    const after = judge(stalled(700) as History);
    expect(after.stall).toEqual({ longest: 700 + step, at: 785, writer: 700 + 2 * step });
    expect(after.outcome).toBe("held");
  });

  it("is seen when it lasts to the end", () => {
    const history = soundHistory();
    history.endedAt += 5_000;
    expect(judge(history as History).stall.longest).toBeGreaterThan(5_000);
  });

  it("of a change is compared with that of as long a control", () => {
    const history = stalled(300);
    history.intervals.push({ name: "control", from: 100, to: 600 }, { name: "change", from: 700, to: 1_200 });
    const { comparison, intervals } = judge(history as History);
    expect(comparison?.change).toEqual({ longest: 320, at: 785, writer: 340 });
    expect(comparison?.control).toMatchObject({ longest: step, writer: 2 * step });
    expect([comparison?.ratio, comparison?.writerRatio]).toEqual([16, 8.5]);
    expect(intervals.map(({ name, length }) => [name, length])).toEqual([
      ["control", 500],
      ["change", 500],
    ]);
    expect(judge(history as History, { stallRatio: 1.5 }).outcome).toBe("broken");
    expect(judge(history as History, { stallRatio: 20 }).outcome).toBe("held");
  });

  it("of a change counts when it began in it and lasts beyond it", () => {
    const history = stalled(300);
    history.intervals.push({ name: "change", from: 400, to: 800 }, { name: "control", from: 1_100, to: 1_500 });
    const { comparison } = judge(history as History);
    expect([comparison?.change.longest, comparison?.control.longest]).toEqual([320, step]);
  });

  it("has nothing to be compared with when the control was shorter", () => {
    const history = soundHistory();
    history.intervals.push({ name: "control", from: 100, to: 400 }, { name: "change", from: 400, to: 1_000 });
    expect(judge(history as History).comparison).toBeUndefined();
    expect(judge(history as History, { stallRatio: 1.5 }).outcome).toBe("void");
  });

  it("of the control does not gain by more control time", () => {
    const history = stalled(300);
    history.intervals.push({ name: "change", from: 100, to: 400 }, { name: "control", from: 400, to: 1_500 });
    expect(judge(history as History).comparison?.control.longest).toBe(step);
  });
});

describe("a verdict in one line", () => {
  it("tells the figures", () => {
    const history = stalled(300);
    expect(verdictLine(judge(history as History))).toBe("failed 0, lost 0, longest stall 320 ms, 60 writes");
    history.intervals.push({ name: "control", from: 100, to: 600 }, { name: "change", from: 700, to: 1_200 });
    expect(verdictLine({ ...judge(history as History), writes: 1_234_567 })).toBe(
      "failed 0, lost 0, longest stall 320 ms (control 20 ms), 1 234 567 writes",
    );
  });

  it("tells what is wrong before them", () => {
    const history = soundHistory();
    history.leases.push({ keepAlives: 1, failure: "not found" });
    expect(verdictLine(judge(history as History))).toBe(
      "broken (lease-lost 1): failed 0, lost 0, longest stall 45 ms, 60 writes",
    );
  });
});
