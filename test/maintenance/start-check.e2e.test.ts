/** What the check at a member's start finds, and when it cannot find anything. */
import { afterEach, describe, expect, it } from "vitest";
import { said } from "../cli/quorate.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { Patient } from "./patient.js";

describe.each(testedVersions)("a follower of etcd %s that has wrong data and is started again", (version) => {
  let patient: Patient;
  afterEach(() => patient.leave());

  /** @returns its name; it is stopped */
  async function damaged(snapshotCount: string): Promise<string> {
    patient = new Patient(version);
    await patient.begin({ "snapshot-count": snapshotCount });
    for (let round = 0; round < 40; round += 1) await patient.etcdctl("put", "counter", String(round));
    await patient.etcdctl("put", "ledger", "the-right-amount");
    await patient.etcdctl("put", "counter", "the last");
    const bad = await patient.nameOf("follower");
    await patient.end(bad);
    expect(patient.damage(bad, "the-right-amount", "the-wrong-amount")).toBeGreaterThan(0);
    return bad;
  }

  it("does not start when it knows the others out of a raft snapshot, and is rebuilt from them", async () => {
    const bad = await damaged("10");
    const refused = await patient.quorate("up", "--yes");
    expect(refused.code).toBe(1);
    expect(said(refused)).toContain("E_MEMBER_FAILED");
    expect(said(refused)).toMatch(new RegExp(`quorate\\s+rebuild\\s+${bad}`));
    const rebuilt = await patient.quorate("rebuild", bad, "--yes");
    expect(rebuilt.code, said(rebuilt)).toBe(0);
    expect(rebuilt.stdout).toMatch(/All 3 members have the same data/);
  });

  it("starts while it has no raft snapshot yet: it compares with nobody; hash-check names it", async () => {
    const bad = await damaged("10000");
    const up = await patient.quorate("up", "--yes");
    expect(up.code, said(up)).toBe(0);
    const compared = await patient.quorate("hash-check");
    expect(compared.code).toBe(3);
    expect(compared.stderr).toContain(`${bad} differs from the majority`);
  });
});
