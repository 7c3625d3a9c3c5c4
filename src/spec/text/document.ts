/** Text of a cluster file → YAML nodes with positions. Values are read as they are written: 3.10 is not 3.1. */
import { LineCounter, parseDocument, visit, type Document, type YAMLError } from "yaml";
import { QuorateError } from "../../errors.js";
import { quoted } from "../problem.js";
import { at, keyText } from "./positions.js";

/** 1 MiB; a cluster file has a few kilobytes. */
export const largestFile = 1 << 20;

export interface ClusterDocument {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** @throws QuorateError E_SPEC_TOO_LARGE or E_SPEC_ENCODING. */
export function decodeText(bytes: Uint8Array, file: string): string {
  if (bytes.byteLength > largestFile) throw tooLarge(file, bytes.byteLength);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const found =
      bytes[0] === 0xff || bytes[0] === 0xfe
        ? "UTF-16"
        : bytes.includes(0)
          ? "binary data"
          : "bytes that are not UTF-8";
    throw new QuorateError("E_SPEC_ENCODING", "the cluster file is not UTF-8 text", {
      where: file,
      expected: "UTF-8",
      found,
      cause,
    });
  }
}

/** @returns the document, or every place where it is not YAML. A byte order mark and CRLF are taken as they are. */
export function readDocument(text: string, file: string): ClusterDocument | QuorateError[] {
  if (Buffer.byteLength(text) > largestFile) return [tooLarge(file, Buffer.byteLength(text))];
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const broken = telling([...document.errors, ...document.warnings]).map((error) =>
    yamlProblem(error, lines, text, file),
  );
  const problems = broken.length > 0 ? broken : duplicateKeys(document, lines, file);
  return problems.length > 0 ? problems : { document, lines };
}

/** What follows the first mistake is mostly its consequence; tabs are mistakes of their own. */
function telling(errors: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = errors.filter((error) => error.code === "TAB_AS_INDENT");
  return tabs.length > 0 ? tabs : errors.slice(0, 1);
}

function yamlProblem(error: YAMLError, lines: LineCounter, text: string, file: string): QuorateError {
  const position = { where: file, ...at(lines, error.pos[0]) };
  if (error.code === "TAB_AS_INDENT") {
    const next = "replace the tab by spaces";
    return new QuorateError("E_YAML", "a tab indents this line; YAML takes only spaces", {
      ...position,
      expected: "spaces",
      found: "a tab",
      next,
    });
  }
  if (error.code === "MULTIPLE_DOCS") {
    return new QuorateError("E_YAML", "the file holds several documents; one cluster is one document", {
      ...position,
      next: "keep one document per file",
    });
  }
  const said = error.message.split("\n")[0] ?? error.code;
  const line = text.split(/\r?\n/)[position.line - 1]?.trim() ?? "";
  const variable = /\{[^}]*\$\{/.test(line) ? { next: 'inside braces put quotes around it: "${NAME}"' } : {};
  const details = {
    ...position,
    found: line === "" ? "the end of the file" : quoted(line),
    expected: "YAML",
    ...variable,
  };
  return new QuorateError("E_YAML", `not valid YAML: ${said.charAt(0).toLowerCase()}${said.slice(1)}`, details);
}

function duplicateKeys(document: Document, lines: LineCounter, file: string): QuorateError[] {
  const problems: QuorateError[] = [];
  visit(document, {
    Map(_, map) {
      const first = new Map<string, number>();
      for (const pair of map.items) {
        const key = keyText(pair);
        const offset = (pair.key as { range?: [number, number, number] } | null)?.range?.[0] ?? 0;
        const before = first.get(key);
        if (before === undefined) first.set(key, offset);
        else problems.push(duplicate(key, at(lines, before).line, { where: file, ...at(lines, offset) }));
      }
    },
  });
  return problems;
}

function duplicate(
  key: string,
  before: number,
  position: { where: string; line: number; column: number },
): QuorateError {
  return new QuorateError("E_YAML", `\`${key}\` stands twice in one mapping, in lines ${before} and ${position.line}`, {
    ...position,
    expected: "every key once",
    found: `\`${key}\` in line ${before} and line ${position.line}`,
    next: "remove one of the two lines",
  });
}

function tooLarge(file: string, size: number): QuorateError {
  return new QuorateError("E_SPEC_TOO_LARGE", "the cluster file is larger than 1 MiB", {
    where: file,
    expected: "at most 1 MiB",
    found: `${size} bytes`,
  });
}
