import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "../../src/render/diff.js";

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");

describe("a diff", () => {
  it("of equal texts is empty", () => {
    expect(unifiedDiff("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it("of a new file is all of it", () => {
    expect(unifiedDiff(undefined, "a\nb\n")).toEqual(["@@ -0,0 +1,2 @@", "+a", "+b"]);
  });

  it("shows three lines around a change", () => {
    const before = numbered(1, 12);
    expect(unifiedDiff(before, before.replace("line 6\n", "line six\n"))).toEqual([
      "@@ -3,7 +3,7 @@",
      " line 3",
      " line 4",
      " line 5",
      "-line 6",
      "+line six",
      " line 7",
      " line 8",
      " line 9",
    ]);
  });

  it("keeps changes that are far apart in two hunks", () => {
    const after = numbered(1, 30).replace("line 2\n", "").replace("line 25\n", "line 25\nline 25a\n");
    expect(unifiedDiff(numbered(1, 30), after).filter((line) => line.startsWith("@@"))).toEqual([
      "@@ -1,5 +1,4 @@",
      "@@ -23,6 +22,7 @@",
    ]);
  });

  it("leads from the one text to the other, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(
          patched(
            before,
            unifiedDiff(before.map((line) => `${line}\n`).join(""), after.map((line) => `${line}\n`).join("")),
          ),
        ).toEqual(after);
      }),
    );
  });
});

/** Apply a diff by its headings, as `patch` does. */
function patched(lines: readonly string[], diff: readonly string[]): string[] {
  const result: string[] = [];
  let next = 0;
  for (const line of diff) {
    const heading = /^@@ -(\d+),(\d+)/.exec(line);
    if (heading !== null) {
      const start = Number(heading[1]) - (heading[2] === "0" ? 0 : 1);
      result.push(...lines.slice(next, start));
      next = start;
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else {
      if (line.startsWith(" ")) result.push(lines[next] ?? "");
      next += 1;
    }
  }
  return [...result, ...lines.slice(next)];
}
