import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { parseSpec, readSpec, type ReadOptions } from "../../src/spec/load.js";
import type { Spec } from "../../src/spec/spec.js";

/** A machine of which the tests know everything: no file exists on it but those given. */
export const surroundings = {
  file: "/srv/op/cluster.yaml",
  env: {},
  home: "/home/op",
  user: "op",
  group: "ops",
  inspect: () => ({ kind: "missing" }) as const,
} satisfies ReadOptions;

export type Given = Partial<ReadOptions>;

export const read = (text: string, given: Given = {}): Spec => parseSpec(text, { ...surroundings, ...given });

export function problemsOf(text: string, given: Given = {}): readonly QuorateError[] {
  try {
    parseSpec(text, { ...surroundings, ...given });
  } catch (error) {
    if (error instanceof QuorateErrors) return error.problems;
    throw error;
  }
  return [];
}

export const warningsOf = (text: string, given: Given = {}): readonly QuorateError[] =>
  readSpec(text, { ...surroundings, ...given }).warnings;

/** code line:column path, found, next: what a user gets, in one comparable line. */
export function told(problems: readonly QuorateError[]): string[] {
  return problems.map(({ code, message, details, next }) => {
    const { line, column, path = "", found = "" } = details;
    return `${code} ${line}:${column} ${path} | ${message} | found ${found} | ${next}`;
  });
}

/** Three ssh hosts; what is given is put in front of the members. */
export const three = (extra = "", members = "  a: 10.0.0.1\n  b: 10.0.0.2\n  c: 10.0.0.3\n"): string =>
  `name: demo\n${extra}members:\n${members}`;
