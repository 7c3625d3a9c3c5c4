/** Where in the text a path of the cluster file stands. */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from "yaml";
import type { YamlPath } from "../problem.js";

export interface Position {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** The value at the path, or the deepest part of the path that exists. `atKey` points at the last key instead. */
export function positionOf(document: Document, lines: LineCounter, path: YamlPath, atKey = false): Position {
  let node = document.contents as Node | null;
  let start = node?.range?.[0] ?? 0;
  for (const part of path) {
    const inside: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    if (isMap(inside)) {
      const pair = inside.items.find((each) => keyText(each) === String(part)) as Pair<Node, Node | null> | undefined;
      if (pair === undefined) break;
      node = pair.value;
      const blank = node === null || (isScalar(node) && node.type === "PLAIN" && node.source === "");
      start = startOf(blank || (atKey && part === path.at(-1)) ? pair.key : node) ?? start;
    } else if (isSeq(inside)) {
      const item = inside.items[Number(part)] as Node | undefined;
      if (item === undefined) break;
      node = item;
      start = startOf(item) ?? start;
    } else break;
  }
  return at(lines, start);
}

export function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const startOf = (node: Node | null): number | undefined => node?.range?.[0];

export const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));
