import { describe, expect, it } from "vitest";
import { bucketOf } from "../../../src/etcd/database/buckets.js";
import { pagesOf } from "../../../src/etcd/database/pages.js";
import { storedMembersIn } from "../../../src/etcd/database/stored-members.js";
import { databaseFile, type Entries } from "./database-file.js";

const id = (n: number): string => (0x1000 + n).toString(16);
const memberOf = (n: number): string => JSON.stringify({ id: n, peerURLs: [`http://10.0.0.${n}:2380`], name: `m${n}` });

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const manyMembers: Entries = Array.from({ length: 60 }, (_, n) => [id(n), memberOf(n)]);

describe("a database file that goes by", () => {
  const removed: Entries = [["dead", "removed"]];
  it.each([
    { label: "little-endian, small buckets in the page of their parent", options: {} },
    { label: "big-endian", options: { littleEndian: false } },
    { label: "buckets in pages of their own", options: { ownPages: true } },
    { label: "a bucket that flows over into the next pages", options: { ownPages: true, overflow: true } },
    { label: "a bucket with a branch page", options: { ownPages: true, branch: true } },
    { label: "pages of 16 KiB", options: { pageSize: 16_384, ownPages: true } },
  ])("tells the members and the removed: $label", async ({ options }) => {
    const members = "ownPages" in options ? manyMembers : manyMembers.slice(0, 3);
    const file = databaseFile({ members, members_removed: removed }, options);
    for (const length of [1_000, 4_096, 32_768]) {
      const stored = await storedMembersIn(pieces(file, length));
      expect(stored.members).toEqual(members.map(([key]) => ({ id: key, isLearner: false })));
      expect(stored.removed).toEqual(["dead"]);
    }
  });

  it("tells a learner", async () => {
    const file = databaseFile({ members: [["a", JSON.stringify({ id: 10, isLearner: true })]] }, {});
    expect(await storedMembersIn(pieces(file, 512))).toEqual({ members: [{ id: "a", isLearner: true }], removed: [] });
  });

  it("is read as the newest transaction has it", async () => {
    const pages = await pagesOf(pieces(databaseFile({ members: [["a", "{}"]] }, { stale: [["b", "{}"]] }), 700));
    expect([...bucketOf(pages, "members").keys()]).toEqual(["a"]);
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["zeros", new Uint8Array(8_192)],
    ["text", Buffer.from("not a database ".repeat(1_000))],
    [
      "one that ends after its first pages",
      databaseFile({ members: manyMembers }, { ownPages: true }).subarray(0, 12_288),
    ],
    ["one with a torn member", databaseFile({ members: [["a", "{"]] }, {})],
  ])("is refused when it is %s", async (_, bytes) => {
    await expect(storedMembersIn(pieces(bytes, 4_096))).rejects.toBeInstanceOf(RangeError);
  });

  it("does not go round in circles", async () => {
    const file = databaseFile({ members: manyMembers }, { ownPages: true, circle: true });
    await expect(storedMembersIn(pieces(file, 4_096))).rejects.toBeInstanceOf(RangeError);
  });
});
