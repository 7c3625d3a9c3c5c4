import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { Patient } from "./patient.js";

describe.each(["3.5.30", "3.4.23"])("a fragmented cluster of etcd %s", (version) => {
  const patient = new Patient(version);
  const quota = 20 << 20;
  // Half a MiB stays in use; that the quota is near makes the rest worth a pause.
  beforeAll(async () => {
    await patient.begin({ "quota-backend-bytes": String(quota) });
    const size = async (): Promise<number> =>
      Math.min(...(await patient.members()).map(({ dbSize }) => Number(dbSize)));
    await patient.fill(64, 26);
    while ((await size()) < quota * 0.85) await patient.fill(64, 2);
  });
  afterAll(() => patient.leave());

  test("has nothing to give back before its history is forgotten", async () => {
    const ended = await patient.quorate("defrag", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/^Nothing to do: no member of trial has so much free/);
  });

  test("gives it back member by member, the leader last and after handing over", async () => {
    await patient.must("compact", "--keep", "0", "--yes");
    const leader = await patient.nameOf("leader");
    const before = await patient.members();
    const ended = await patient.quorate("defrag", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toContain("answers nobody meanwhile");
    const after = await patient.members();
    for (const { member, dbSize } of after) {
      const was = before.find((one) => one.member === member)?.dbSize;
      expect(Number(dbSize), member).toBeLessThan(Number(was) / 2);
    }
    const stages = await patient.stages();
    expect(stages).toHaveLength(4);
    expect(stages.slice(2)).toEqual([
      `${leader} leads, and hands over before it is defragmented`,
      `defragment ${leader}`,
    ]);
    expect(await patient.etcdctl("get", "fill/63", "--print-value-only")).toMatch(/^\d+ 48 /);
  });

  test("has nothing more to give back", async () => {
    const ended = await patient.quorate("defrag", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/^Nothing to do/);
  });

  test("is defragmented all the same when the operator says so", async () => {
    const ended = await patient.quorate("defrag", "--force", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect((await patient.stages()).filter((title) => title.startsWith("defragment "))).toHaveLength(3);
  });

  test("keeps every member at work while one of them is away", async () => {
    const away = await patient.nameOf("follower");
    await patient.end(away);
    const ended = await patient.quorate("defrag", "--force", "--yes");
    expect(ended.code, said(ended)).toBe(1);
    expect(ended.stderr).toContain("E_NO_SPARE");
    expect(ended.stderr).toContain(away);
  });
});
