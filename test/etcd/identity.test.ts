import { describe, expect, it } from "vitest";
import { clusterIdOf, memberIdOf } from "../../src/etcd/identity.js";
import { readWalIdentity } from "../../src/etcd/wal-identity.js";

/** The heads of WAL segments that the named etcd wrote, and what its API said of itself. */
const walHeads = [
  {
    version: "3.4.23",
    head:
      "040000000000008408041000000000001e00000000000082080110e0c889c404" +
      "1a1408a5cefcaecfffc6960a10fcd4c7b1aed3a9a61d0000",
    clusterId: "1d4ca69ae631ea7c",
    memberId: "a2d1bfcf5df2725",
  },
  {
    version: "3.5.30",
    head:
      "040000000000008408041000000000001e00000000000082080110f9dad6a209" +
      "1a1408dcdcc4cbc184ad992e10d79e8aeedbc383f71f0000",
    clusterId: "1fee0e1dbdc28f57",
    memberId: "2e32b42419712e5c",
  },
  {
    version: "3.6.16",
    head:
      "040000000000008408041000000000001f00000000000081080110d5f7f9ad0a" +
      "1a1508eeb7fe8cf4e9c78cf40110a5c188c5c295f0e80400",
    clusterId: "4d1c0ac28a220a5",
    memberId: "f4191f4f419f9bee",
  },
];

describe("the head of a WAL segment", () => {
  it.each(walHeads)("tells whose it is ($version)", ({ head, clusterId, memberId }) => {
    const bytes = Buffer.alloc(512);
    bytes.write(head, "hex");
    expect(readWalIdentity(bytes)).toEqual({ clusterId, memberId });
  });

  it("is found in a view into larger memory", () => {
    const memory = Buffer.concat([Buffer.alloc(13, 0xff), Buffer.from(walHeads[0]?.head ?? "", "hex")]);
    expect(readWalIdentity(memory.subarray(13))?.clusterId).toBe("1d4ca69ae631ea7c");
  });

  it("that is cut short anywhere tells nothing", () => {
    const whole = Buffer.from(walHeads[1]?.head ?? "", "hex");
    // The last two bytes are padding.
    for (let length = 0; length < whole.length - 2; length += 1) {
      expect(readWalIdentity(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it.each([
    ["zeros, as in a preallocated file", Buffer.alloc(512)],
    ["text", Buffer.from("# not a WAL, but long enough to look at, ".repeat(13))],
    ["ones", Buffer.alloc(512, 0xff)],
    [
      "records without metadata",
      Buffer.from("0400000000000084080410000000000004000000000000840804100000000000".repeat(8), "hex"),
    ],
  ])("that holds %s tells nothing", (_, bytes) => {
    expect(readWalIdentity(bytes)).toBeUndefined();
  });
});

describe("derived IDs", () => {
  it("do not depend on the order of URLs or members", () => {
    expect(memberIdOf(["http://b:1", "http://a:1"], "t")).toBe(memberIdOf(["http://a:1", "http://b:1"], "t"));
    expect(clusterIdOf(["f4191f4f419f9bee", "aaa84031f0297ba2"])).toBe(
      clusterIdOf(["aaa84031f0297ba2", "f4191f4f419f9bee"]),
    );
  });

  it("depend on the token", () => {
    expect(memberIdOf(["http://a:1"], "t")).not.toBe(memberIdOf(["http://a:1"], "u"));
  });

  it("are those of a real cluster", () => {
    const ids = ["ef188f3e64a1005b", "da50f823e2b63361", "a2d1bfcf5df2725"];
    expect(clusterIdOf(ids)).toBe("1d4ca69ae631ea7c");
  });
});
