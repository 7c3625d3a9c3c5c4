import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/apply/events.js";
import { afterEvent, notBegun, progressLines, type Progress } from "../../src/render/progress.js";
import { eventLines } from "../../src/render/event-line.js";
import { plain } from "../../src/render/style.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const page = { style: plain, width: 80 };

const eventsOf = async (prepare: (world: FakeWorld) => void = () => undefined): Promise<readonly RunEvent[]> => {
  const world = new FakeWorld(sampleSpec());
  prepare(world);
  return (await attempt(world)).events;
};

/** The picture at the moment at which the condition holds for the first time. */
function pictureAt(events: readonly RunEvent[], when: (event: RunEvent) => boolean): Progress {
  const index = events.findIndex(when);
  return events.slice(0, index + 1).reduce(afterEvent, notBegun);
}

describe("the live picture", () => {
  it("is empty before anything began", () => {
    expect(progressLines(notBegun, 0, page)).toEqual([]);
  });

  it("has a line for every member that the stage touches", async () => {
    const picture = pictureAt(await eventsOf(), (event) => event.type === "step-started" && event.member === "c");
    const lines = progressLines(picture, picture.since + 1_200, page);
    expect(lines[0]).toBe(`1/4 prepare the hosts${" ".repeat(54)}1.2 s`);
    expect(lines.slice(1).map((line) => line.slice(0, 5))).toEqual(["  a  ", "  b  ", "  c  "]);
  });

  it("ticks a member off when all its steps are done", async () => {
    const picture = pictureAt(await eventsOf(), (event) => event.type === "stage-done");
    expect(progressLines(picture, picture.since, page).slice(1)).toEqual(["  a  ✓", "  b  ✓", "  c  ✓"]);
  });

  it("shows how much of a file has been moved", () => {
    const at = new Date(0).toISOString();
    const begun: Progress = { ...notBegun, stages: [{ title: "prepare the hosts", members: ["a"] }], stage: 0 };
    const events: RunEvent[] = [
      { at, run: "r", type: "step-started", step: "1.1", member: "a", title: "install etcd" },
      {
        at,
        run: "r",
        type: "step-progress",
        step: "1.1",
        member: "a",
        done: 12 * 2 ** 20,
        total: 24 * 2 ** 20,
        what: "etcd 3.5.30",
      },
    ];
    expect(progressLines(events.reduce(afterEvent, begun), 0, page)[1]).toBe(
      "  a  install etcd  ██████░░░░░░ 12 MiB of 24 MiB",
    );
  });

  it("names the step that failed", async () => {
    const events = await eventsOf((world) => {
      world.machine("b").supervisor.sabotage = ["exec format error"];
    });
    const picture = pictureAt(events, (event) => event.type === "step-failed");
    expect(progressLines(picture, picture.since, page).find((line) => line.startsWith("  b"))).toMatch(
      /^ {2}b {2}✗ start etcd for the first time: /,
    );
  });

  it("is never wider than the terminal", async () => {
    const narrow = { style: plain, width: 30 };
    for (const picture of (await eventsOf()).map((_, index, all) =>
      all.slice(0, index + 1).reduce(afterEvent, notBegun),
    )) {
      for (const line of progressLines(picture, picture.since, narrow).slice(1))
        expect([...line].length).toBeLessThanOrEqual(30);
    }
  });
});

describe("plain lines of a run", () => {
  it("tell the stages, what was done in them, and the arithmetic after each", async () => {
    const say = eventLines();
    const lines = (await eventsOf()).flatMap((event) => say(event) ?? []);
    expect(lines.filter((line) => /^\d /.test(line))).toEqual([
      "1 prepare the hosts",
      "2 start the first member",
      "3 start the other members together",
      "4 see every member serve, and note it on its host",
    ]);
    expect(lines.filter((line) => line.includes("start etcd for the first time: done in"))).toHaveLength(3);
    expect(lines.at(-1)).toBe("  3 of 3 voters run, 2 needed, 1 to spare");
  });
});
