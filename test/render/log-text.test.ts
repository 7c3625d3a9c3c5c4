import { describe, expect, it } from "vitest";
import { parseJournal, runLines, runsTable, summarizeRun } from "../../src/render/log-text.js";
import { plain } from "../../src/render/style.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const page = { style: plain, width: 100 };

const journal = async (): Promise<{ run: string; text: string }> => {
  const world = new FakeWorld(sampleSpec());
  await attempt(world);
  const { ledger } = world.operator;
  const [run = ""] = await ledger.runs();
  return { run, text: await ledger.read(run) };
};

describe("a journal", () => {
  it("read back sums up to what was done", async () => {
    const { run, text } = await journal();
    expect(summarizeRun(run, parseJournal(text))).toMatchObject({
      run,
      command: "quorate up",
      outcome: "done",
      steps: 18,
    });
  });

  it("with a torn last line is a run that did not finish", async () => {
    const { run, text } = await journal();
    const torn = text.slice(0, text.lastIndexOf('"run-finished"') + 5);
    expect(summarizeRun(run, parseJournal(torn))).toMatchObject({
      outcome: "unfinished",
      steps: 18,
      milliseconds: undefined,
    });
  });

  it("of a run is told line by line, each with its time", async () => {
    const lines = runLines(parseJournal((await journal()).text), page);
    expect(lines[0]).toMatch(/^\S+Z {2}\S+@\S+ ran `quorate up`: 4 stages, etcd 3\.5\.30$/);
    expect(lines.at(-1)).toMatch(/^\S+Z {2}done after /);
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}/.test(line))).toBe(true);
  });
});

describe("the list of runs", () => {
  it("has a line for each", () => {
    const run = {
      run: "2026-11-22T10-00-00-000Z-19a3f0",
      at: "2026-11-22T10:00:00.000Z",
      operator: "ann@desk",
      command: "quorate up",
      outcome: "failed (E_NO_EFFECT)",
      steps: 12,
      milliseconds: 93_000,
    };
    expect(runsTable([run, { ...run, outcome: "unfinished", milliseconds: undefined }], page)).toEqual([
      "RUN                              BY        COMMAND     OUTCOME               STEPS  TOOK",
      "2026-11-22T10-00-00-000Z-19a3f0  ann@desk  quorate up  failed (E_NO_EFFECT)  12     1m 33s",
      "2026-11-22T10-00-00-000Z-19a3f0  ann@desk  quorate up  unfinished            12     -",
    ]);
  });

  it("may be empty", () => expect(runsTable([], page)).toEqual(["No runs yet."]));
});
