import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { Patient } from "./patient.js";

interface Compared {
  readonly verdict: string;
  readonly odd: readonly string[];
  readonly members: readonly { readonly hash: number; readonly compactRevision: string }[];
}

describe.each(["3.5.30", "3.4.23"])("the data of three members of etcd %s", (version) => {
  const patient = new Patient(version);
  const compared = (): Promise<Compared> => patient.json<Compared>("hash-check");
  const newest = async (): Promise<number> =>
    Math.max(...(await patient.members()).map(({ revision }) => Number(revision)));
  let bad = "";
  beforeAll(async () => {
    // A member that is damaged is to start, as it does where nobody has told etcd to look.
    await patient.begin({ "experimental-initial-corrupt-check": "false" });
    for (let round = 0; round < 12; round += 1) await patient.etcdctl("put", "counter", String(round));
    await patient.etcdctl("put", "ledger", "the-right-amount");
  });
  afterAll(() => patient.leave());

  test("is the same, as its hashes say", async () => {
    const ended = await patient.quorate("hash-check");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/^All 3 members have the same data at revision \d+\.$/m);
  });

  test("is forgotten up to the revision that was named, and no further", async () => {
    const ended = await patient.quorate("compact", "--revision", "7", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(await patient.etcdctl("get", "counter", "--rev", "7", "--print-value-only")).toMatch(/^\d+\n$/);
    await expect(patient.etcdctl("get", "counter", "--rev", "6")).rejects.toThrow(/has been compacted/);
    expect((await compared()).members.map(({ compactRevision }) => compactRevision)).toEqual(["7", "7", "7"]);
    expect((await patient.quorate("compact", "--revision", "7", "--yes")).stdout).toMatch(/^Nothing to do/);
    expect((await patient.quorate("compact", "--revision", "5", "--yes")).stdout).toMatch(/^Nothing to do/);
  });

  test("is kept as long as was asked", async () => {
    const revision = await newest();
    const ended = await patient.quorate("compact", "--keep", "2", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    const kept = String(revision - 2);
    expect((await compared()).members.map(({ compactRevision }) => compactRevision)).toEqual([kept, kept, kept]);
    expect((await patient.quorate("compact", "--yes")).stdout).toMatch(/^Nothing to do/);
  });

  test("cannot be forgotten before it was written", async () => {
    const ended = await patient.quorate("compact", "--revision", "999999", "--yes");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("E_USAGE");
  });

  test("is left alone where it is right", async () => {
    const ended = await patient.quorate("rebuild", await patient.nameOf("follower"), "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/^Nothing to do: the member has the data that the others have/);
  });

  test("is seen to differ when a bit of one member's file has", async () => {
    bad = await patient.nameOf("leader");
    await patient.end(bad);
    expect(patient.damage(bad, "the-right-amount", "the-wrong-amount")).toBeGreaterThan(0);
    await patient.must("up", "--yes");
    const ended = await patient.quorate("hash-check");
    expect(ended.code, said(ended)).toBe(3);
    expect(ended.stderr).toContain(`${bad} differs from the majority`);
    expect((await compared()).odd).toEqual([bad]);
  });

  test("is not thrown away where it is right", async () => {
    const right = (await patient.members()).find(({ member }) => member !== bad)?.member ?? "";
    const ended = await patient.quorate("rebuild", right, "--yes");
    expect(ended.stdout, said(ended)).toMatch(/^Nothing to do/);
    const forced = await patient.quorate("rebuild", right, "--force", "--yes");
    expect(forced.code, said(forced)).toBe(1);
    expect(forced.stderr).toContain("E_HASH_SPLIT");
  });

  test("comes from the others when the member is rebuilt, and what it had is kept", async () => {
    const before = await patient.members();
    const ended = await patient.quorate("rebuild", bad, "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toMatch(/All 3 members have the same data at revision \d+\./);
    const after = await patient.members();
    const idOf = (all: typeof before): string | undefined => all.find(({ member }) => member === bad)?.memberId;
    expect(idOf(after)).not.toBe(idOf(before));
    expect(await patient.etcdctl("get", "ledger", "--print-value-only")).toBe("the-right-amount\n");
    const home = dirname(patient.dataOf(bad));
    expect(existsSync(patient.dataOf(bad))).toBe(true);
    expect(readdirSync(home).filter((name) => name.startsWith("data.aside-"))).toHaveLength(1);
    expect((await patient.quorate("plan")).code).toBe(0);
    expect((await patient.quorate("rebuild", bad, "--yes")).stdout).toMatch(/^Nothing to do/);
  });

  test("comes from the others, too, when etcd does not start with what it has", async () => {
    const broken = await patient.nameOf("follower");
    await patient.end(broken);
    patient.shred(broken);
    const ended = await patient.quorate("rebuild", broken, "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect((await compared()).verdict).toBe("equal");
  });
});
