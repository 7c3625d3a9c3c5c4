import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { until } from "../support/until.js";
import { Patient } from "./patient.js";

/** Two boundaries to each step: one compaction, three members, one hand-over, one alarm. */
const boundaries = 12;

describe("quorate, killed at each boundary while it recovers space", () => {
  const patient = new Patient("3.5.30");
  beforeAll(() => patient.begin({ "quota-backend-bytes": String(4 << 20) }));
  afterAll(() => patient.leave());

  test.each(Array.from({ length: boundaries }, (_, index) => index + 1))(
    "goes on after boundary %i, and ends with a cluster that takes writes",
    async (boundary) => {
      await expect(patient.fill(32, 64)).rejects.toThrow(/database space exceeded/);
      await until(async () => (await patient.members()).some(({ alarms }) => alarms.includes("NOSPACE")));
      expect(await patient.killedAt(boundary, "recover-space", "--yes")).toBe(true);
      const ended = await patient.quorate("recover-space", "--yes");
      expect(ended.code, said(ended)).toBe(0);
      expect((await patient.etcdctl("alarm", "list")).trim()).toBe("");
      expect(await patient.etcdctl("put", "still", "there")).toBe("OK\n");
      expect((await patient.quorate("recover-space", "--yes")).stdout).toMatch(/^Nothing to do/);
    },
  );

  test("has no more boundaries than these", async () => {
    await expect(patient.fill(32, 64)).rejects.toThrow(/database space exceeded/);
    await until(async () => (await patient.members()).some(({ alarms }) => alarms.includes("NOSPACE")));
    expect(await patient.killedAt(boundaries + 1, "recover-space", "--yes")).toBe(false);
  });
});
