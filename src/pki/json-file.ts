import { QuorateError, type ErrorCode } from "../errors.js";
import { brokenAt } from "./json-position.js";

/** A JSON file as it was read: the path is for messages. */
export interface JsonFile {
  readonly path: string;
  readonly text: string;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The content, or undefined with a problem that says on which line the JSON breaks. */
export function parseJson(file: JsonFile, code: ErrorCode, problems: QuorateError[]): unknown {
  const text = file.text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const before = text.slice(0, brokenAt(text)).split("\n");
    const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    problems.push(
      new QuorateError(code, `${file.path}: is not valid JSON`, {
        where: file.path,
        ...position,
        expected: "JSON",
        cause,
      }),
    );
    return undefined;
  }
}
