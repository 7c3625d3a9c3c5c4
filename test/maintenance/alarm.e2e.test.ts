/** What etcd itself notices of a member with wrong data: the alarm CORRUPT, from a bit in a file to a sound cluster. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { until } from "../support/until.js";
import { Patient } from "./patient.js";

interface Compared {
  readonly verdict: string;
  readonly odd: readonly string[];
}

interface Health {
  readonly remarks: readonly string[];
  readonly members: readonly { readonly alarms: readonly { readonly memberId: string; readonly kind: string }[] }[];
}

/**
 * A damaged member is to start, so nothing is looked for at the start. Each line then finds it in its own way: 3.5 compares
 * hashes after each compaction, and 3.4 has the leader ask the others now and then. Either alarm names nobody: member 0.
 */
const lookedFor: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "3.5.30": { "experimental-initial-corrupt-check": "false", "experimental-compact-hash-check-time": "1s" },
  "3.4.23": { "experimental-initial-corrupt-check": "false", "experimental-corrupt-check-time": "2s" },
};

describe.each([
  { version: "3.5.30", role: "follower" },
  { version: "3.5.30", role: "leader" },
  { version: "3.4.23", role: "follower" },
  { version: "3.4.23", role: "leader" },
] as const)("a $role of etcd $version with wrong data", ({ version, role }) => {
  const patient = new Patient(version);
  const idOf = async (name: string): Promise<string> =>
    (await patient.members()).find(({ member }) => member === name)?.memberId ?? "";
  const alarms = async (): Promise<readonly { readonly memberId: string; readonly kind: string }[]> =>
    (await patient.json<Health>("health")).members.flatMap((member) => member.alarms);
  let bad = "";
  let others: readonly string[] = [];
  beforeAll(async () => {
    await patient.begin(lookedFor[version]);
    for (let round = 0; round < 6; round += 1) await patient.etcdctl("put", "counter", String(round));
    await patient.etcdctl("put", "ledger", "the-right-amount");
    bad = await patient.nameOf(role);
    others = (await patient.members()).map(({ member }) => member).filter((member) => member !== bad);
    await patient.end(bad);
    expect(patient.damage(bad, "the-right-amount", "the-wrong-amount")).toBeGreaterThan(0);
    // The alarm may be up before the proof at the end of the run.
    await patient.quorate("up", "--yes");
    await until(async () => (await patient.members()).every((member) => /leader|follower/.test(member.role)));
    if (role === "leader") await patient.lead(bad);
  });
  afterAll(() => patient.leave());

  test("makes etcd raise its alarm and take no more writes", async () => {
    // What is hashed is what is kept: the key that differs has to be older than the compaction.
    const [first] = await patient.members();
    if (version.startsWith("3.5")) await patient.etcdctl("compact", first?.revision ?? "");
    await until(async () => (await alarms()).some(({ kind }) => kind === "CORRUPT"), 90_000);
    expect(new Set((await alarms()).map(({ memberId }) => memberId))).toEqual(new Set(["0"]));
    await expect(patient.etcdctl("put", "counter", "refused")).rejects.toThrow(/corrupt/);
  });

  test("is told by every look at the cluster, and nothing is thrown away meanwhile", async () => {
    const health = await patient.quorate("health");
    expect(health.code, said(health)).toBe(1);
    expect(said(health)).toContain("CORRUPT");
    expect((await patient.quorate("status")).stdout).toContain("CORRUPT");
    const advice = await patient.quorate("advise");
    expect(advice.code, said(advice)).toBe(3);
    expect(advice.stdout).toMatch(/raised the alarm CORRUPT/);
    expect(advice.stdout).toContain("quorate hash-check");
    for (const verb of [["compact"], ["defrag", "--force"], ["recover-space"]]) {
      const refused = await patient.quorate(...verb, "--yes");
      expect(refused.code, said(refused)).toBe(1);
      expect(refused.stderr).toContain("E_CORRUPT");
    }
    expect((await patient.must("explain", "E_CORRUPT")).stdout).toContain("quorate rebuild MEMBER");
  });

  test("is named by the hashes, where the alarm names nobody", async () => {
    const ended = await patient.quorate("hash-check");
    expect(ended.code, said(ended)).toBe(3);
    expect(ended.stderr).toContain(`${bad} differs from the majority; \`quorate rebuild ${bad}\``);
    const raised = await alarms();
    for (const right of others) {
      const spared = await patient.quorate("rebuild", right, "--yes");
      expect(spared.code, said(spared)).toBe(0);
      expect(spared.stdout, right).toMatch(/^Nothing to do: the member has the data that the others have/);
    }
    expect(await alarms(), "an alarm that is right").toEqual(raised);
    expect((await patient.json<Compared>("hash-check")).odd).toEqual([bad]);
  });

  test("is rebuilt from the others, and the alarm is gone", async () => {
    const before = await idOf(bad);
    const ended = await patient.quorate("rebuild", bad, "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/All 3 members have the same data at revision \d+\./);
    expect(await idOf(bad)).not.toBe(before);
    expect(await alarms()).toEqual([]);
    expect(await patient.etcdctl("put", "counter", "again")).toBe("OK\n");
    expect(await patient.etcdctl("get", "ledger", "--print-value-only")).toBe("the-right-amount\n");
    expect((await patient.json<Compared>("hash-check")).verdict).toBe("equal");
    const health = await patient.quorate("health");
    expect(health.code, said(health)).toBe(0);
    expect((await patient.quorate("plan")).code).toBe(0);
  });
});
