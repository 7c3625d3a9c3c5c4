import fc from "fast-check";
import { expect, test } from "vitest";
import { brokenAt } from "../../src/pki/json-position.js";

test.each([
  ['{"a": [1, 2,]}', 12],
  ['{"a": 1,}', 8],
  ["[,]", 1],
  ['{"a" 1}', 5],
  ['{"a": tru}', 6],
  ['{"a": 1} x', 9],
  ['{"a": "b', 6],
  ["", 0],
  ["[1", 2],
  ["{'a': 1}", 1],
  ["[1}", 2],
  ["01", 1],
])("%s breaks at %i", (text, offset) => {
  expect(brokenAt(text)).toBe(offset);
});

const valid = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("it agrees with JSON.parse on what is JSON, in whole texts and with one character exchanged", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom(..."[]{},:\"'\\ 019-+.eEtn"), (text, at, character) => {
      const index = text.length === 0 ? 0 : at % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      expect(brokenAt(text)).toBeUndefined();
      expect(brokenAt(changed) === undefined).toBe(valid(changed));
    }),
    { numRuns: 2000 },
  );
});
