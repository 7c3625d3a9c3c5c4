/**
 * Failures in the shape that all of them share:
 *
 *   ✗ etcd2  start etcd                                          E_NO_EFFECT
 *     waited   1m 30s
 *     saw      unit failed, exit 1; last log: …
 *     cluster  2 of 3 voters run, 2 needed, 0 to spare
 *     next     correct the cause and run `quorate plan`
 */
import { catalogue } from "../error-catalogue.js";
import { QuorateError, QuorateErrors, type ErrorCode } from "../errors.js";
import type { Problem } from "../plan/plan.js";
import type { Failure } from "../apply/events.js";
import { elapsed } from "./duration.js";
import type { Style } from "./style.js";
import { spread } from "./table.js";
import { wrap } from "./wrap.js";

export interface Page {
  readonly style: Style;
  /** Characters per line. */
  readonly width: number;
}

interface Telling {
  readonly sign: "✗" | "!";
  readonly head: string;
  readonly code: ErrorCode;
  readonly lines: readonly (readonly [label: string, text: string | undefined])[];
}

const labelWidth = 9;

function tell({ sign, head, code, lines }: Telling, { style, width }: Page): string[] {
  const paint = sign === "✗" ? style.red : style.yellow;
  const body = lines.flatMap(([label, text]) => {
    if (text === undefined || text === "") return [];
    return wrap(text, Math.max(20, width - 2 - labelWidth)).map((line, index) => {
      const name = index === 0 ? style.dim(label.padEnd(labelWidth)) : " ".repeat(labelWidth);
      return `  ${name}${line}`.trimEnd();
    });
  });
  return [spread(`${paint(sign)} ${style.bold(head)}`, style.dim(code), width), ...body];
}

/** One or several failures that were thrown. A mistake in a file is told by its place, anything else by its title. */
export function errorLines(error: QuorateError | QuorateErrors, page: Page): string[] {
  if (error instanceof QuorateErrors) return error.problems.flatMap((problem) => errorLines(problem, page));
  return tell({ sign: "✗", ...tellingOf(error) }, page);
}

/** The same for what is allowed but not wise. */
export const warningLines = (warnings: readonly QuorateError[], page: Page): string[] =>
  warnings.flatMap((warning) => tell({ sign: "!", ...tellingOf(warning) }, page));

function tellingOf(error: QuorateError): Omit<Telling, "sign"> {
  const { where, expected, found, path } = error.details;
  const titled = [where, catalogue[error.code].title].filter((part) => part !== undefined).join("  ");
  const placed = [placeOf(error), path].filter((part) => part !== undefined).join("  ");
  const lines: Telling["lines"] = [
    ["saw", error.message],
    ["expected", expected],
    ["found", found],
    ["next", error.next],
  ];
  return { head: placeOf(error) === undefined ? titled : placed, code: error.code, lines };
}

function placeOf({ details: { where, line, column } }: QuorateError): string | undefined {
  if (where === undefined || line === undefined) return undefined;
  return column === undefined ? `${where}:${line}` : `${where}:${line}:${column}`;
}

/** What is in a plan's way, or worth knowing. */
export function problemLines(
  { code, member, message, severity, expected, found, next }: Problem,
  page: Page,
): string[] {
  const head = [member, catalogue[code].title].filter((part) => part !== undefined).join("  ");
  const lines: Telling["lines"] = [
    ["saw", message],
    ["expected", expected],
    ["found", found],
    ["next", next ?? catalogue[code].next],
  ];
  return tell({ sign: severity === "refuse" ? "✗" : "!", head, code, lines }, page);
}

/** A step that failed. @param cluster how the cluster is now, in words; undefined when nobody asked it */
export function failureLines(
  {
    member,
    title,
    failure,
    cluster,
  }: { member: string | undefined; title: string; failure: Failure; cluster: string | undefined },
  page: Page,
): string[] {
  const log = failure.log ?? [];
  const lines: Telling["lines"] = [
    ["waited", failure.waited === undefined ? undefined : elapsed(failure.waited)],
    ["saw", failure.message],
    ["log", log.join("\n")],
    ["cluster", cluster],
    ["next", failure.next],
  ];
  const head = member === undefined ? title : `${member}  ${title}`;
  return tell({ sign: "✗", head, code: failure.code, lines }, page);
}

/** The same as plain data, for --json. */
export function errorJson(error: QuorateError | QuorateErrors): { problems: object[] } {
  const problems = error instanceof QuorateErrors ? error.problems : [error];
  return {
    problems: problems.map(({ code, message, next, details: { where, line, column, path, expected, found } }) => ({
      ...{ code, title: catalogue[code].title, message, where, line, column, path, expected, found, next },
    })),
  };
}
