import { inspect } from "node:util";
import { expect, test } from "vitest";
import { revealed, Secret } from "../../src/pki/secret.js";

test("a secret shows itself to reveal() alone", () => {
  const secret = new Secret("correct horse");
  expect(secret.reveal()).toBe("correct horse");
  for (const text of [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
  ]) {
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("horse");
  }
  expect({ ...secret }).toEqual({});
});

test("an empty answer is no passphrase", () => {
  expect(revealed(new Secret(""))).toBeUndefined();
  expect(revealed("")).toBeUndefined();
  expect(revealed(undefined)).toBeUndefined();
  expect(revealed(new Secret("p"))).toBe("p");
});
