import fc from "fast-check";
import { expect, test } from "vitest";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { readSpec } from "../../src/spec/load.js";
import { checkShape, schema } from "../../src/spec/shape/check.js";
import { fits } from "../../src/spec/shape/fits.js";
import { clusterJsonSchema } from "../../src/spec/shape/known-keys.js";
import { decodeText } from "../../src/spec/text/document.js";
import { writeSpec } from "../../src/spec/write.js";
import { anyDraft, machine } from "./arbitraries.js";

/** Reads, or fails with problems that have a place; anything else that is thrown goes on to the test. */
function readOrTell(text: string): "read" | "told" {
  try {
    readSpec(text, machine);
    return "read";
  } catch (error) {
    if (!(error instanceof QuorateErrors)) throw error;
    for (const { message, details, next } of error.problems) {
      expect([details.where, message !== "", next !== ""]).toEqual(["/srv/op/cluster.yaml", true, true]);
      expect(details.line === undefined || (details.line >= 1 && (details.column ?? 1) >= 1)).toBe(true);
    }
    return "told";
  }
}

const words = [
  "name",
  "members",
  "a",
  "b",
  "10.0.0.1",
  "etcd",
  "settings",
  "tls",
  "off",
  "hosts",
  "local",
  "client",
  "port",
  "listen",
  "paths",
  "data",
  "__proto__",
  "constructor",
  "ca",
  "cert",
];
const marks = [
  ": ",
  ":\n  ",
  "\n",
  "\n  ",
  "\n- ",
  "- ",
  "{",
  "}",
  "[",
  "]",
  ", ",
  "&x ",
  "*x",
  "!t ",
  "'",
  '"',
  "#",
  "|\n  ",
  "?",
  "${X}",
  "\t",
  "---\n",
  "<<: ",
  "~",
  "%",
  "\u0000",
  "\uFEFF",
];

test("whatever the text is, it is read or its problems are told", () => {
  const pieces = fc.array(
    fc.oneof(fc.constantFrom(...words), fc.constantFrom(...marks), fc.string({ maxLength: 4, unit: "binary" })),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, (parts) => void readOrTell(parts.join(""))),
    { numRuns: 400 },
  );
});

test("a good file with one change is read or its problems are told", () => {
  const change = fc.tuple(
    anyDraft,
    fc.nat(),
    fc.nat(6),
    fc.oneof(fc.constantFrom(...words, ...marks), fc.string({ maxLength: 3 })),
  );
  let read = 0;
  fc.assert(
    fc.property(change, ([draft, place, length, piece]) => {
      const text = writeSpec(draft);
      const at = place % text.length;
      if (readOrTell(text.slice(0, at) + piece + text.slice(at + length)) === "read") read += 1;
    }),
    { numRuns: 150 },
  );
  expect(read).toBeGreaterThan(0);
});

test("whatever the bytes are, they are text or refused by name", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        readOrTell(decodeText(bytes, "/srv/op/cluster.yaml"));
      } catch (error) {
        expect(error).toBeInstanceOf(QuorateError);
      }
    }),
  );
});

/** Plain data as the reader makes it: mappings, lists and text. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...words, "", "2379", "8GiB", "1h", "true", "0.5", "a b", "\n"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("mapping"),
  ),
  mapping: fc.dictionary(
    fc.constantFrom(...words, "address", "version", "validity", "leaf", "renew-at", "allow-even", "key"),
    tie("value"),
    { maxKeys: 5 },
  ),
})).value;

/** A good file in which one word, key or value, became another. */
const nearly = fc
  .tuple(anyDraft, fc.nat(), fc.constantFrom(...words, "", "8G", "99999999999", "{}", "yes"))
  .map(([draft, place, word]) => {
    const text = JSON.stringify(draft);
    const strings = [...text.matchAll(/"[^"\\]*"/g)];
    const chosen = strings[place % strings.length];
    const at = chosen?.index ?? 0;
    return JSON.parse(text.slice(0, at) + JSON.stringify(word) + text.slice(at + (chosen?.[0].length ?? 0))) as unknown;
  });

test("the quick check by JSON Schema says the same as zod", () => {
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(fc.oneof(plain, anyDraft, nearly), (value) => {
      const verdict = fits(clusterJsonSchema(), value);
      verdicts.add(verdict);
      return verdict === schema().safeParse(value).success;
    }),
    { numRuns: 500 },
  );
  expect(verdicts.size).toBe(2);
});

test("the quick check takes every good file, so that zod need not be loaded", () => {
  fc.assert(
    fc.property(anyDraft, (draft) => "file" in checkShape(draft) && fits(clusterJsonSchema(), draft)),
    { numRuns: 100 },
  );
});
