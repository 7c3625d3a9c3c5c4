/** What is decided about a database from its sizes and hashes, and when a step that touches it must not be done. */
import { describe, expect, it } from "vitest";
import { isFragmented, isNearlyFull, isRoomy, isTight, quotaOf } from "../../src/observe/database.js";
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import { judgeHashes, type MemberHash } from "../../src/observe/hashes.js";
import { hashLines } from "../../src/render/hash-lines.js";
import { defragmentMember } from "../../src/steps/defragment-member.js";
import { disarmAlarm } from "../../src/steps/disarm-alarm.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const mib = (count: number): bigint => BigInt(count) << 20n;
const sizes = (dbSize: number, dbSizeInUse: number): Parameters<typeof isFragmented>[1] => ({
  ...{ dbSize: mib(dbSize), dbSizeInUse: mib(dbSizeInUse), dbSizeQuota: 0n },
});
const withQuota = (text: string) => sampleSpec({ settings: { "quota-backend-bytes": text } });

describe("a database file", () => {
  it.each([
    ["large, and half of it free", sampleSpec(), sizes(200, 100), "yes"],
    ["large, with 45 per cent free", sampleSpec(), sizes(200, 110), "no"],
    ["small, and nearly all of it free", sampleSpec(), sizes(90, 1), "no"],
    ["small, nearly all of it free, and near its quota", withQuota(String(mib(100))), sizes(90, 1), "yes"],
    ["small, nearly all of it free, and without a quota", withQuota("-1"), sizes(90, 1), "no"],
    ["one that nobody has told the size of", sampleSpec(), sizes(0, 0), "unknown"],
  ] as const)("is worth writing anew or not: %s", (_, spec, status, expected) => {
    expect(isFragmented(spec, status)).toBe(expected);
  });

  it("has room below its quota, which is the file's, the member's own or etcd's 2 GiB", () => {
    expect(isRoomy(sampleSpec(), sizes(2047, 1))).toBe("yes");
    expect(isRoomy(sampleSpec(), sizes(2048, 1))).toBe("no");
    expect(isRoomy(withQuota("4GiB"), sizes(2048, 1))).toBe("yes");
    expect(isRoomy(withQuota("-1"), sizes(99_999, 1))).toBe("yes");
    expect(quotaOf(sampleSpec(), { dbSizeQuota: 7n })).toBe(7n);
  });

  it("is nearly full when what is in use has more than four fifths of the quota, whatever is free beside it", () => {
    const of100 = withQuota(String(mib(100)));
    expect([isNearlyFull(of100, sizes(99, 80)), isNearlyFull(of100, sizes(82, 81))]).toEqual([false, true]);
    expect(isNearlyFull(withQuota("-1"), sizes(99_999, 99_999))).toBe(false);
  });

  it("is tight when a tenth or less is free", () => {
    expect([isTight(sizes(100, 90)), isTight(sizes(100, 89))]).toEqual([true, false]);
  });
});

const hashed = (name: string, hash: number | undefined, compactRevision = 5n, version = "3.5.30"): MemberHash => ({
  ...{ name, url: `https://${name}:2379`, memberId: name, version, hash },
  ...{
    compactRevision: hash === undefined ? undefined : compactRevision,
    why: hash === undefined ? "away" : undefined,
  },
});

describe("hashes of one revision", () => {
  it.each([
    ["all the same", [hashed("a", 1), hashed("b", 1), hashed("c", 1)], "equal", [], true],
    ["one differs", [hashed("a", 1), hashed("b", 2), hashed("c", 1)], "differ", ["b"], true],
    [
      "one is away, the others are the same",
      [hashed("a", 1), hashed("b", 1), hashed("c", undefined)],
      "open",
      [],
      true,
    ],
    ["one is away, the others differ", [hashed("a", 1), hashed("b", 2), hashed("c", undefined)], "differ", [], false],
    ["all differ", [hashed("a", 1), hashed("b", 2), hashed("c", 3)], "differ", [], false],
    ["other history is forgotten", [hashed("a", 1), hashed("b", 1, 6n), hashed("c", 1)], "differ", ["b"], true],
    ["nobody answers", [hashed("a", undefined), hashed("b", undefined)], "open", [], false],
    [
      "two of five differ",
      ["a", "b", "c", "d", "e"].map((name, at) => hashed(name, at < 3 ? 1 : at)),
      "differ",
      ["d", "e"],
      true,
    ],
  ] as const)("say who is alone: %s", (_, members, verdict, odd, majority) => {
    expect(judgeHashes(7n, members)).toMatchObject({ verdict, odd, majority });
  });

  it("are told with the way out", () => {
    const lines = hashLines(judgeHashes(7n, [hashed("a", 1), hashed("b", 2), hashed("c", 1)]));
    expect(lines.at(-1)).toContain("`quorate rebuild b`");
    expect(hashLines(judgeHashes(7n, [hashed("a", 1), hashed("b", 2), hashed("c", 3)])).at(-1)).toContain(
      "no majority",
    );
    const mixed = hashLines(judgeHashes(7n, [hashed("a", 1), hashed("b", 2, 5n, "3.4.23"), hashed("c", 1)]));
    expect(mixed.join("\n")).toContain("different versions");
  });
});

const member: MemberFacts = {
  ...{ place: "wanted", reach: "yes", arch: "amd64", user: "yes", directories: {}, releases: {}, trust: "ok" },
  ...{ unit: "u", enabled: "yes", process: "up", config: "c", data: "ours", mark: "yes", peer: "yes" },
  ...{ serving: "yes", version: "3.5.30", storage: "", caughtUp: "yes", leader: false, learner: false },
  ...{ listed: "started", listedAt: "https://x:2380", fragmented: "yes", roomy: "yes" },
};
const facts = (changes: Readonly<Record<string, Partial<MemberFacts>>>): Facts => ({
  ...{ formed: "c1", alarms: [], downgrade: "", saved: [] },
  members: Object.fromEntries(["a", "b", "c"].map((name) => [name, { ...member, ...changes[name] }])),
});

describe("a member is not defragmented", () => {
  const step = { kind: "defragment-member", member: "b", clientUrl: "", downtime: false, force: false } as const;
  const refusal = (changes: Parameters<typeof facts>[0], more = {}): string | undefined =>
    defragmentMember.guard({ ...step, ...more }, facts(changes))?.code;

  it.each([
    ["while all are well: it is", {}, undefined],
    ["while another does not serve", { c: { serving: "no" } }, "E_NO_SPARE"],
    ["while another lags", { a: { caughtUp: "no" } }, "E_NO_SPARE"],
    ["while it does not serve", { b: { serving: "no" } }, "E_NOT_SERVING"],
    ["while it lags", { b: { caughtUp: "no" } }, "E_NOT_CAUGHT_UP"],
    ["while it lags, before 3.4.38", { b: { caughtUp: "no", version: "3.4.37" } }, "E_DEFRAGMENT_UNSAFE"],
    ["while it lags, from 3.4.38 on", { b: { caughtUp: "no", version: "3.4.38" } }, "E_NOT_CAUGHT_UP"],
    ["while it lags, before 3.5.23", { b: { caughtUp: "no", version: "3.5.22" } }, "E_DEFRAGMENT_UNSAFE"],
    ["while it lags, before 3.6.5", { b: { caughtUp: "no", version: "3.6.4" } }, "E_DEFRAGMENT_UNSAFE"],
  ] as const)("%s", (_, changes, expected) => {
    expect(refusal(changes)).toBe(expected);
  });

  it("unless downtime was accepted, and even then not while it lags", () => {
    expect(refusal({ c: { serving: "no" } }, { downtime: true })).toBeUndefined();
    expect(refusal({ b: { caughtUp: "no", version: "3.5.22" } }, { downtime: true, force: true })).toBe(
      "E_DEFRAGMENT_UNSAFE",
    );
  });
});

describe("an alarm is not taken back", () => {
  it("while a file is as large as its quota", () => {
    const full = facts({ c: { roomy: "no" } });
    expect(disarmAlarm.guard({ kind: "disarm-alarm", member: "a", alarm: "NOSPACE", cleared: [] }, full)?.code).toBe(
      "E_FULL",
    );
  });

  it("while the member that it means is still there", () => {
    const suspect = facts({ c: { corrupt: true } });
    const disarm = { kind: "disarm-alarm", member: "a", alarm: "CORRUPT" } as const;
    expect(disarmAlarm.guard({ ...disarm, cleared: [] }, suspect)?.code).toBe("E_CORRUPT");
    expect(disarmAlarm.guard({ ...disarm, cleared: ["c"] }, suspect), "its hash is right").toBeUndefined();
  });
});
