import { expect, it, vi } from "vitest";
import { Journal } from "../../src/apply/journal.js";
import type { RunEvent } from "../../src/apply/events.js";
import { FakeLedger } from "../../src/testing/fake-ledger.js";

const event = (stage: number): RunEvent => ({
  ...{ at: "2026-11-28T09:00:00.000Z", run: "r", type: "stage-done" },
  ...{ stage, quorum: "3 of 3 voters run" },
});
const stagesIn = async (ledger: FakeLedger): Promise<number[]> =>
  (await ledger.read("r"))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { stage: number }).stage);

it("writes all lines in order, those that came while it wrote in one go", async () => {
  const ledger = new FakeLedger();
  const append = vi.spyOn(ledger, "append");
  const journal = new Journal(ledger, "r", { owner: "root", group: "root" });
  for (let stage = 0; stage < 20; stage += 1) journal.record(event(stage));
  await journal.synced();
  journal.record(event(20));
  await journal.synced();
  expect(await stagesIn(ledger)).toEqual(Array.from({ length: 21 }, (_, stage) => stage));
  expect(append).toHaveBeenCalledTimes(2);
});

it("tells of a disk that takes nothing, and of each line after it", async () => {
  const ledger = new FakeLedger();
  ledger.fault = new Error("no space left on device");
  const journal = new Journal(ledger, "r", { owner: "root", group: "root" });
  journal.record(event(0));
  await expect(journal.synced()).rejects.toMatchObject({ code: "E_JOURNAL" });
  journal.record(event(1));
  await expect(journal.synced()).rejects.toMatchObject({ code: "E_JOURNAL" });
});
