import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions, isExactVersion, lineOf, newestFirst, parseVersion } from "../../src/release/versions.js";
import { failure } from "./support/failure.js";

const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(99)).map((parts) => parts.join("."));

describe("an exact version", () => {
  test("is three numbers", () => {
    expect(parseVersion("3.5.30")).toEqual({ major: 3, minor: 5, patch: 30 });
    expect(lineOf("3.5.30")).toBe("3.5");
  });

  test.each([
    ["latest", "leave the version out"],
    ["3.5", "for example 3.5.30"],
    ["v3.5.30 ", "write 3.5.30, with no"],
    [" 3.5.30", "write 3.5.30, with no"],
    ["3.8.0-alpha.0", "write a final version"],
    ["3.05.1", "three numbers"],
    ["3.5.30.1", "three numbers"],
    ["", "three numbers"],
  ])("%j is refused with what to write", async (text, advice) => {
    const error = await failure(() => parseVersion(text, "cluster.yaml etcd.version"));
    expect(error.code).toBe("E_RELEASE_VERSION");
    expect(error.next).toContain(advice);
    expect(error.details).toMatchObject({ where: "cluster.yaml etcd.version", found: JSON.stringify(text) });
    expect(isExactVersion(text)).toBe(false);
  });
});

describe("the order of versions", () => {
  test("is by number, not by text", () => {
    expect(newestFirst(["3.5.9", "3.5.30", "3.4.45", "3.5.9", "3.10.0"])).toEqual([
      "3.10.0",
      "3.5.30",
      "3.5.9",
      "3.4.45",
    ]);
  });

  test("is total: antisymmetric, transitive, and equal only to itself", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
    );
  });

  test("what is parsed prints as it was written, and nothing else is parsed", () => {
    fc.assert(
      fc.property(version, (text) => {
        const { major, minor, patch } = parseVersion(text);
        expect(`${major}.${minor}.${patch}`).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d+\.\d+\.\d+$/.test(text));
        expect(isExactVersion(text)).toBe(false);
      }),
    );
  });
});
