import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { until } from "../support/until.js";
import { Patient } from "./patient.js";

const quota = 16 << 20;

describe.each(["3.5.30", "3.4.23"])("a cluster of etcd %s that has no space left", (version) => {
  const patient = new Patient(version);
  beforeAll(() => patient.begin({ "quota-backend-bytes": String(quota) }));
  afterAll(() => patient.leave());

  test("is as it should be while there is space", async () => {
    const ended = await patient.quorate("recover-space", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toContain("no NOSPACE alarm");
  });

  test("fills up, raises its alarm and takes no more writes", async () => {
    await expect(patient.fill(64, 64)).rejects.toThrow(/database space exceeded/);
    await until(async () => (await patient.members()).some(({ alarms }) => alarms.includes("NOSPACE")));
    await expect(patient.etcdctl("put", "one", "more")).rejects.toThrow(/database space exceeded/);
  });

  test("one command makes it writable again, and every member's file small", async () => {
    const leader = await patient.nameOf("leader");
    const ended = await patient.quorate("recover-space", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toContain("trial takes writes again.");
    expect((await patient.etcdctl("alarm", "list")).trim()).toBe("");
    expect(await patient.etcdctl("put", "one", "more")).toBe("OK\n");
    for (const { dbSize, member } of await patient.members()) expect(Number(dbSize), member).toBeLessThan(quota / 4);
    const stages = await patient.stages();
    const defragmented = stages.flatMap((title) => (title.startsWith("defragment ") ? [title.slice(11)] : []));
    expect(stages[0]).toBe("forget what has been superseded");
    expect(stages.at(-1)).toBe("take back the NOSPACE alarm");
    expect(defragmented).toHaveLength(3);
    expect(defragmented.at(-1)).toBe(leader);
    expect(stages).toContain(`${leader} leads, and hands over before it is defragmented`);
  });

  test("a second run has nothing to do", async () => {
    const ended = await patient.quorate("recover-space", "--yes");
    expect(ended.stdout, said(ended)).toMatch(/^Nothing to do/);
  });
});
