/** The sum that .ci/run ends with: nothing that went wrong may be counted as nothing. */
import { expect, test } from "vitest";

type Line = Readonly<Record<string, string | number>>;
interface Scripts {
  countTests(lines: readonly Line[], how: string, limit: number): { passed: number; names: string[] };
}
const { countTests } = (await import(new URL("../../scripts/count-tests.mjs", import.meta.url).href)) as Scripts;

const file = "test/a.e2e.test.ts";
const started = { file, state: "started" };
const passes = { file, test: "a > works", state: "passed", why: "" };
const ended = { file, state: "ended", seconds: 1 };
const run = { file: "", state: "run ended", why: "passed" };
const all = [started, passes, ended, run];

test("all is well when every test of every file has passed and vitest ended well", () => {
  expect(countTests(all, "ok", 9)).toEqual({ passed: 1, names: [] });
});

test.each([
  [
    "a test that failed",
    [started, passes, { ...passes, state: "failed", why: "1 is not 2" }, ended, run],
    "failed",
    [`${file} > a > works: 1 is not 2`],
  ],
  [
    "a test that did not run",
    [started, passes, { ...passes, state: "skipped" }, ended, run],
    "ok",
    [`${file} > a > works did not run`],
  ],
  [
    "an error outside of any test",
    [...all.slice(0, 3), { file: "", test: "(outside of any test)", state: "failed", why: "no" }, run],
    "failed",
    ["(outside of any test): no"],
  ],
  [
    "a tier that was killed midway",
    [started, passes, ended, { ...started, file: "b" }],
    "killed",
    ["killed after 9 s", "b did not come to its end"],
  ],
  ["a tier that was killed when its tests had passed", all, "killed", ["killed after 9 s"]],
  ["a vitest that vanished", [started, passes, ended], "failed", ["vitest did not come to its end"]],
  ["a vitest that failed without a word", all, "failed", ["vitest failed and did not say why"]],
  ["a vitest that found nothing to do", [run], "ok", ["no test ran"]],
  ["a vitest that never began", [], "failed", ["vitest did not come to its end"]],
] as const)("%s is red, and named", (_what, lines, how, names) => {
  expect(countTests(lines, how, 9).names).toEqual(names);
});
