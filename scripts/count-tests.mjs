/**
 * What the lines of scripts/tier-reporter.mjs come to. A test that did not run, a file that did not come to its end, and a
 * vitest that ended badly with nothing to show for it are failures like any other.
 * @param how vitest itself ended: "ok", "failed", or "killed" after `limit` seconds
 * @returns {{ passed: number, names: string[] }} one name per failure, the telling ones first
 */
export function countTests(lines, how, limit) {
  const tests = lines.filter(({ test }) => test !== undefined);
  const ended = new Set(lines.filter(({ state }) => state === "ended").map(({ file }) => file));
  const names = [];
  if (how === "killed") names.push(`killed after ${limit} s`);
  for (const { file, state } of lines)
    if (state === "started" && !ended.has(file)) names.push(`${file} did not come to its end`);
  for (const { file, test, state, why } of tests)
    if (state === "failed") names.push(`${[file, test].filter(Boolean).join(" > ")}: ${why}`);
  for (const { file, test, state } of tests)
    if (state !== "failed" && state !== "passed") names.push(`${file} > ${test} did not run`);

  const passed = tests.filter(({ state }) => state === "passed").length;
  const whole = lines.some(({ state }) => state === "run ended");
  if (!whole && how !== "killed") names.push("vitest did not come to its end");
  if (whole && names.length === 0 && how !== "ok") names.push("vitest failed and did not say why");
  if (names.length === 0 && passed === 0) names.push("no test ran");
  return { passed, names };
}
