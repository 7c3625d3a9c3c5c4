/** What is wrong with a cluster file, before it is known where in the text that is. */
import type { ErrorCode } from "../errors.js";

/** Keys and indexes from the top of the file. */
export type YamlPath = readonly (string | number)[];

export interface Problem {
  readonly code: ErrorCode;
  readonly path: YamlPath;
  /** One sentence without the path. */
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly next?: string;
  /** Left out: an error. A warning does not keep the file from being used. */
  readonly severity?: "warning";
  /** Point at the key rather than at its value. */
  readonly atKey?: boolean;
}

/** members[1].client.port; the file as a whole is "". */
export function pathText(path: YamlPath): string {
  return path
    .map((part, index) =>
      typeof part === "number"
        ? `[${part}]`
        : plain.test(part)
          ? `${index === 0 ? "" : "."}${part}`
          : `[${JSON.stringify(part)}]`,
    )
    .join("");
}

const plain = /^[A-Za-z_][\w-]*$/;

/** A value as it stands in the file, short enough for one line. */
export function quoted(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "a list" : "a mapping";
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text;
}
