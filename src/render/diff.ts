/** A unified diff of two short texts, line by line. */

interface Edit {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** Lines of context around each change. */
const context = 3;
/** Beyond this many cells the exact comparison is not worth its memory, and all is shown as replaced. */
const cellLimit = 4_000_000;

/**
 * @param before undefined: the file does not exist yet
 * @returns lines that begin with "@@", " ", "-" or "+"; none when the texts are equal
 */
export function unifiedDiff(before: string | undefined, after: string): string[] {
  const [old, fresh] = [before === undefined ? [] : linesOf(before), linesOf(after)];
  const edits = compare(old, fresh);
  return hunksOf(edits);
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Longest common subsequence, by the table that every textbook has. */
function compare(old: readonly string[], fresh: readonly string[]): Edit[] {
  const replaced = (): Edit[] => [
    ...old.map((line): Edit => ({ sign: "-", line })),
    ...fresh.map((line): Edit => ({ sign: "+", line })),
  ];
  if ((old.length + 1) * (fresh.length + 1) > cellLimit) return replaced();
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [gone, come] = [old[i], fresh[j]];
    if (gone !== undefined && gone === come) {
      edits.push({ sign: " ", line: gone });
      i += 1;
      j += 1;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ sign: "-", line: gone });
      i += 1;
    } else {
      edits.push({ sign: "+", line: come ?? "" });
      j += 1;
    }
  }
  return edits;
}

function hunksOf(edits: readonly Edit[]): string[] {
  const near = edits.map((_, index) =>
    edits.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== " "),
  );
  const lines: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [index, { sign, line }] of edits.entries()) {
    if (near[index] === true) {
      if (near[index - 1] !== true) lines.push(heading(edits, near, index, oldLine, newLine));
      lines.push(`${sign}${line}`);
    }
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
  }
  return lines;
}

function heading(
  edits: readonly Edit[],
  near: readonly boolean[],
  from: number,
  oldLine: number,
  newLine: number,
): string {
  const end = near.indexOf(false, from);
  const hunk = edits.slice(from, end < 0 ? undefined : end);
  const count = (without: Edit["sign"]): number => hunk.filter(({ sign }) => sign !== without).length;
  const range = (start: number, length: number): string => `${length === 0 ? start - 1 : start},${length}`;
  return `@@ -${range(oldLine, count("+"))} +${range(newLine, count("-"))} @@`;
}
