import fc from "fast-check";
import { expect, test } from "vitest";
import { grantText, parseGrant, type Grant } from "../../src/spec/grant.js";

test.each<[string, Grant]>([
  ["read /config", { kind: "read", key: "/config", end: "" }],
  ["readwrite /app/*", { kind: "readwrite", key: "/app/", end: "/app0" }],
  ["write *", { kind: "write", key: "\0", end: "\0" }],
  ["read /a .. /c", { kind: "read", key: "/a", end: "/c" }],
  ["read /a ..", { kind: "read", key: "/a", end: "\0" }],
  [String.raw`read /star\*`, { kind: "read", key: "/star*", end: "" }],
  [String.raw`read \xff*`, { kind: "read", key: "\u00ff", end: "\0" }],
  ["read /café", { kind: "read", key: Buffer.from("/café").toString("latin1"), end: "" }],
])("%s is read, and said the same way", (text, grant) => {
  expect(parseGrant(text)).toEqual(grant);
  expect(grantText(grant)).toBe(text);
});

test.each(["", "read", "own /x", "read /c .. /a", String.raw`read \q`, "read .. /a"])("%j is no grant", (text) => {
  expect(parseGrant(text)).toBeUndefined();
});

test("whatever etcd has can be said, and what is said means the same", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((raw) => Buffer.from(raw).toString("latin1"));
  fc.assert(
    fc.property(
      fc.constantFrom("read", "write", "readwrite"),
      bytes,
      fc.option(bytes, { nil: "" }),
      (kind, key, end) => {
        fc.pre(end === "" || end === "\0" || end > key);
        fc.pre(key !== "\0" || end === "\0" || end === "");
        expect(parseGrant(grantText({ kind, key, end }))).toEqual({ kind, key, end });
      },
    ),
    { numRuns: 500 },
  );
});
