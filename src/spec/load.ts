/** cluster.yaml → Spec: text, shape, meaning, rules; every problem of the file at once. */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { QuorateError, QuorateErrors } from "../errors.js";
import { deepFreeze } from "./freeze.js";
import { pathText, type Problem } from "./problem.js";
import { resolveSpec } from "./resolve/resolve.js";
import { judge } from "./rules.js";
import { checkShape } from "./shape/check.js";
import type { Spec } from "./spec.js";
import { surroundingsOf, type ReadOptions } from "./surroundings.js";
import { decodeText, readDocument, type ClusterDocument } from "./text/document.js";
import { plainValue } from "./text/plain.js";
import { positionOf } from "./text/positions.js";
import { withoutFaulty } from "./without-faulty.js";

export type { ReadOptions } from "./surroundings.js";

export interface Reading {
  readonly spec: Spec;
  /** What is allowed but not wise, each with its line. */
  readonly warnings: readonly QuorateError[];
}

/** @throws QuorateErrors with every problem of the text. */
export function parseSpec(text: string, options: ReadOptions): Spec {
  return readSpec(text, options).spec;
}

/** As parseSpec, with the warnings. */
export function readSpec(text: string, options: ReadOptions): Reading {
  const document = readDocument(text, options.file);
  if (Array.isArray(document)) throw new QuorateErrors(document);
  const surroundings = surroundingsOf(options);
  const { value, problems: unread } = plainValue(document.document, surroundings.env);
  const fail = (problems: readonly Problem[]): never => {
    throw new QuorateErrors(sorted(problems.map((problem) => located(problem, document, options.file))));
  };
  if (unread.some((problem) => problem.code === "E_SPEC_TOO_LARGE")) fail(unread);
  if (value === undefined) return fail([...unread, nothingHere]);
  const checked = checkShape(value);
  const rest = "file" in checked ? { file: checked.file, left: undefined } : withoutFaulty(value, checked.problems);
  const judged = rest === undefined ? [] : judge(resolveSpec(rest.file, surroundings, rest.left));
  const told = new Set(unread.map((problem) => pathText(problem.path)));
  const further = [
    ...("problems" in checked ? checked.problems : []),
    ...judged.filter((problem) => problem.severity !== "warning"),
  ];
  const errors = [...unread, ...further.filter((problem) => !told.has(pathText(problem.path)))];
  if (errors.length > 0 || !("file" in checked)) return fail(errors);
  const warnings = judged.map((problem) => located(problem, document, options.file));
  return { spec: deepFreeze(resolveSpec(checked.file, surroundings).spec), warnings: sorted(warnings) };
}

/** @throws QuorateError E_NO_FILE, or as parseSpec. */
export async function loadSpec(path: string, options: Omit<ReadOptions, "file"> = {}): Promise<Spec> {
  return (await readSpecFile(path, options)).spec;
}

/** As loadSpec, with the warnings. */
export async function readSpecFile(path: string, options: Omit<ReadOptions, "file"> = {}): Promise<Reading> {
  const cwd = options.cwd ?? process.cwd();
  const absolute = resolve(cwd, path);
  return readSpec(decodeText(readBytes(absolute, path), path), {
    ...options,
    file: relative(cwd, absolute).startsWith("..") ? absolute : path,
  });
}

function readBytes(absolute: string, path: string): Uint8Array {
  try {
    return readFileSync(absolute);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    if (why === "ENOENT" || why === "ENOTDIR")
      throw new QuorateError("E_NO_FILE", `there is no file ${path}`, { where: path, cause });
    const message = why === "EISDIR" ? `${path} is a folder` : `${path} cannot be read (${why ?? "unknown"})`;
    throw new QuorateError("E_NO_FILE", message, { where: path, next: "name a file that can be read", cause });
  }
}

const nothingHere: Problem = {
  code: "E_SPEC_EMPTY",
  path: [],
  message: "the file is empty: it names no members",
  found: "nothing",
  expected: "`name` and `members`",
};

function located(problem: Problem, { document, lines }: ClusterDocument, file: string): QuorateError {
  const { code, path, message, expected, found, next, atKey } = problem;
  return new QuorateError(code, message, {
    where: file,
    ...positionOf(document, lines, path, atKey),
    ...(path.length === 0 ? {} : { path: pathText(path) }),
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(next === undefined ? {} : { next }),
  });
}

const sorted = (errors: readonly QuorateError[]): QuorateError[] =>
  [...errors].sort(
    (a, b) => (a.details.line ?? 0) - (b.details.line ?? 0) || (a.details.column ?? 0) - (b.details.column ?? 0),
  );
