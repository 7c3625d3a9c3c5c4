import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOf, prefixEnd } from "../../../src/etcd/client/bytes.js";

it("text stands for its UTF-8", () => {
  expect(bytesOf("é")).toEqual(Uint8Array.of(0xc3, 0xa9));
});

it.each([
  ["a", [0x62]],
  ["a\u007f", [0x61, 0x80]],
  ["", [0]],
])("the end of prefix %j", (prefix, end) => {
  expect([...prefixEnd(prefix)]).toEqual(end);
});

it("a prefix of 0xff bytes has no end but that of all keys", () => {
  expect([...prefixEnd(Uint8Array.of(0xff, 0xff))]).toEqual([0]);
  expect([...prefixEnd(Uint8Array.of(1, 0xff))]).toEqual([2]);
});

it("a key is in [prefix, end) exactly when it begins with the prefix", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(bytes, bytes, (prefix, key) => {
      const end = prefixEnd(prefix);
      const endless = end.length === 1 && end[0] === 0;
      const inside = Buffer.compare(key, prefix) >= 0 && (endless || Buffer.compare(key, end) < 0);
      expect(inside).toBe(Buffer.from(key).subarray(0, prefix.length).equals(prefix));
    }),
  );
});
