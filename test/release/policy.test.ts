import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newestKnownLine, versionRules } from "../../src/release/known-versions.js";
import { choose, judgeVersion, lineHasEnded, requireAllowed } from "../../src/release/policy.js";
import { compareVersions, isExactVersion, lineOf } from "../../src/release/versions.js";
import { failure } from "./support/failure.js";

const ids = (version: string, arch?: string): string[] =>
  judgeVersion(version, arch).reasons.map((reason) => reason.id);

describe("the judgement of a version", () => {
  test.each([
    ["3.7.1", "ok", []],
    ["3.7.3", "ok", []],
    ["3.7.0", "warn", ["security-floor-3.7"]],
    ["3.6.14", "ok", []],
    ["3.6.13", "warn", ["security-floor-3.6"]],
    ["3.6.5", "warn", ["security-floor-3.6"]],
    ["3.6.4", "refused", ["first-3.6"]],
    ["3.6.0", "refused", ["first-3.6"]],
    ["3.5.33", "ok", []],
    ["3.5.30", "warn", ["security-floor-3.5"]],
    ["3.5.5", "warn", ["floor-3.5", "security-floor-3.5"]],
    ["3.5.3", "warn", ["floor-3.5", "security-floor-3.5"]],
    ["3.5.2", "refused", ["data-inconsistency-3.5"]],
    ["3.5.0", "refused", ["data-inconsistency-3.5"]],
    ["3.4.45", "warn", ["line-3.4-ended"]],
    ["3.4.21", "warn", ["line-3.4-ended", "floor-3.4"]],
    ["3.3.27", "refused", ["before-3.4"]],
    ["2.3.8", "refused", ["before-3.4"]],
    ["3.8.0", "warn", ["unknown-line"]],
    ["4.0.0", "warn", ["unknown-line"]],
    ["3.8.0-alpha.0", "refused", ["prerelease"]],
    ["3.6.0-rc.1", "refused", ["prerelease"]],
  ])("%s: %s", (version, verdict, reasons) => {
    expect(judgeVersion(version).verdict).toBe(verdict);
    expect(ids(version)).toEqual(reasons);
  });

  test("tells what only some architectures need", () => {
    expect(ids("3.4.45", "arm64")).toContain("unsupported-arch-3.4");
    expect(ids("3.4.45", "amd64")).not.toContain("unsupported-arch-3.4");
    expect(ids("3.5.33", "arm64")).toEqual([]);
  });

  test("a refusal names the fault and where it is described", async () => {
    const error = await failure(() => requireAllowed("3.5.1"));
    expect(error.code).toBe("E_RELEASE_REFUSED");
    expect(error.message).toContain("silently differ");
    expect(error.message).toContain("#13766");
    expect(requireAllowed("3.4.45").verdict).toBe("warn");
  });
});

test("of the lines that get no fixes any more, 3.4 is the only one that is not refused", () => {
  expect(["3.4.45", "3.5.33", "3.6.14", "3.7.1", "3.8.0"].filter(lineHasEnded)).toEqual(["3.4.45"]);
});

describe("the table", () => {
  test("has one meaning per name, ranges that hold something, and a source for every claim", () => {
    expect(new Set(versionRules.map((rule) => rule.id)).size).toBe(versionRules.length);
    for (const rule of versionRules) {
      for (const bound of [rule.from, rule.below]) expect(bound === undefined || isExactVersion(bound)).toBe(true);
      if (rule.from !== undefined && rule.below !== undefined)
        expect(compareVersions(rule.from, rule.below)).toBeLessThan(0);
      expect(rule.text.length * rule.source.length).toBeGreaterThan(0);
    }
  });
});

describe("the choice among what is offered", () => {
  test("is the newest patch of the newest line that the rules allow", () => {
    expect(choose(["3.4.45", "3.5.33", "3.6.14", "3.6.16"])?.version).toBe("3.6.16");
    expect(choose(["3.5.33", "3.6.4"])?.version).toBe("3.5.33");
    expect(choose(["3.4.23", "3.5.30"])).toMatchObject({ version: "3.5.30", judgement: { verdict: "warn" } });
  });

  test("passes over pre-releases, lines it does not know, and what is no version", () => {
    expect(choose(["3.8.0-alpha.0", "3.8.0", "4.0.0", "latest", "3.7.1"])?.version).toBe("3.7.1");
    expect(choose(["3.3.25", "3.5.2"])).toBeUndefined();
    expect(choose([])).toBeUndefined();
  });

  test("never takes what is refused, and never an older line than it could", () => {
    const offered = fc.array(
      fc.tuple(fc.integer({ min: 2, max: 9 }), fc.nat(40)).map(([minor, patch]) => `3.${minor}.${patch}`),
    );
    fc.assert(
      fc.property(offered, (versions) => {
        const chosen = choose(versions);
        const known = versions.filter((one) => compareVersions(`${lineOf(one)}.0`, `${newestKnownLine}.0`) <= 0);
        const allowed = known.filter((one) => judgeVersion(one).verdict !== "refused");
        expect(chosen === undefined).toBe(allowed.length === 0);
        if (chosen === undefined) return;
        expect(allowed).toContain(chosen.version);
        for (const other of allowed)
          expect(compareVersions(`${lineOf(other)}.0`, `${lineOf(chosen.version)}.0`)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
