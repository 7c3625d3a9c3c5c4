/** What zod found → problems in our own words, with the nearest known name for an unknown one. */
import type * as Zod from "zod";
import { quantityAdvice } from "../quantities.js";
import { quoted, type Problem, type YamlPath } from "../problem.js";
import { nearest } from "../text/nearest.js";
import { forms } from "./forms.js";
import { knownKeys } from "./known-keys.js";

type Issue = Zod.core.$ZodIssue;

export function zodProblems(issues: readonly Issue[], input: unknown, base: YamlPath = []): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, input, [...base, ...yamlPath(issue.path)], base.length));
}

function problemsOf(issue: Issue, input: unknown, path: YamlPath, skip: number): Problem[] {
  const value = path
    .slice(skip)
    .reduce<unknown>((at, part) => (at as Record<string | number, unknown> | undefined)?.[part], input);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key]));
  if (issue.code === "invalid_union") return unionProblems(issue, value, path);
  if (value === undefined) return [missing(path)];
  if (issue.code === "invalid_value") return [choiceProblem(issue.values.map(String), value, path)];
  if (issue.code === "invalid_type") return [kindProblem(issue, value, path)];
  return [formProblem(issue.message, value, path)];
}

/** The branch that was meant is the one whose kind (text, list, mapping) fits the value. */
function unionProblems(issue: Zod.core.$ZodIssueInvalidUnion, value: unknown, path: YamlPath): Problem[] {
  if (value === undefined) return [missing(path)];
  const fitting = issue.errors.filter(
    (branch) => !branch.some((each) => each.path.length === 0 && each.code === "invalid_type"),
  );
  const mapping =
    typeof value === "object"
      ? fitting.filter((branch) => !branch.some((each) => each.path.length === 0 && each.code === "invalid_value"))
      : fitting;
  const deepest = [...mapping].sort((a, b) => depth(b) - depth(a))[0];
  if (deepest !== undefined) return zodProblems(deepest, value, path);
  const kinds = issue.errors.map((branch) =>
    kindName((branch[0] as { expected?: string } | undefined)?.expected ?? "string"),
  );
  return [
    {
      code: "E_SPEC",
      path,
      message: `${last(path)} has the wrong kind of value`,
      expected: [...new Set(kinds)].join(" or "),
      found: quoted(value),
    },
  ];
}

const depth = (branch: readonly Issue[]): number => Math.max(...branch.map((issue) => issue.path.length));

function unknownKey(path: YamlPath): Problem {
  const key = String(path.at(-1));
  const known = knownKeys(path.slice(0, -1));
  const meant = nearest(key, known);
  const next = meant === undefined ? `known here: ${known.join(", ")}` : `did you mean \`${meant}\`?`;
  return {
    code: "E_SPEC_UNKNOWN",
    path,
    atKey: true,
    message: `there is no field \`${key}\` here`,
    expected: meant ?? known.join(", "),
    found: quoted(key),
    next,
  };
}

function missing(path: YamlPath): Problem {
  const code = path.length === 1 && path[0] === "members" ? "E_SPEC_EMPTY" : "E_SPEC_MISSING";
  const message = code === "E_SPEC_EMPTY" ? "the file names no members" : `\`${last(path)}\` is missing`;
  return {
    code,
    path,
    message,
    expected: `a value for \`${last(path)}\``,
    found: "nothing",
    next: `add \`${last(path)}: …\``,
  };
}

function choiceProblem(values: readonly string[], value: unknown, path: YamlPath): Problem {
  const meant = typeof value === "string" ? nearest(value, values) : undefined;
  const next = meant === undefined ? `write ${values.join(" or ")}` : `did you mean \`${meant}\`?`;
  return {
    code: "E_SPEC",
    path,
    message: `${last(path)} cannot be ${quoted(value)}`,
    expected: values.join(", "),
    found: quoted(value),
    next,
  };
}

function kindProblem(issue: Zod.core.$ZodIssueInvalidType, value: unknown, path: YamlPath): Problem {
  const expected = issue.expected === "string" ? issue.message : kindName(issue.expected);
  return { code: "E_SPEC", path, message: `${last(path)} has the wrong kind of value`, expected, found: quoted(value) };
}

function formProblem(expected: string, value: unknown, path: YamlPath): Problem {
  const kind =
    expected === forms.duration.expected ? "duration" : expected === forms.size.expected ? "size" : undefined;
  const next = kind === undefined || typeof value !== "string" ? undefined : quantityAdvice(value, kind);
  return {
    code: "E_SPEC",
    path,
    message: `${last(path)} cannot be ${quoted(value)}`,
    expected,
    found: quoted(value),
    ...(next === undefined ? {} : { next }),
  };
}

const last = (path: YamlPath): string => {
  const name = [...path].reverse().find((part) => typeof part === "string");
  return name === undefined ? "the file" : String(name);
};

const kindName = (expected: string): string =>
  ({ array: "a list", object: "a mapping", record: "a mapping", string: "text" })[expected] ?? expected;

const yamlPath = (path: readonly PropertyKey[]): YamlPath =>
  path.map((part) => (typeof part === "number" ? part : String(part)));
