/**
 * The error catalogue. Every failure a user can see has a code here and a section in docs/reference/errors.md;
 * a test fails on an undocumented code and on a documented ghost.
 */
import { catalogue } from "./error-catalogue.js";

export type ErrorCode = keyof typeof catalogue;

/** Where and what, as far as it is known. Values must never hold a secret: they are printed and journalled. */
export interface ErrorDetails {
  /** The step, host, member, file or flag at fault. */
  where?: string;
  /** 1-based position in a file of the user's. */
  line?: number;
  column?: number;
  /** What is at fault inside that file, for example `members[1].address`. */
  path?: string;
  expected?: string;
  found?: string;
  /** What to do next; replaces the catalogue's own advice. */
  next?: string;
  cause?: unknown;
}

/** A failure that a user can act on. `message` is one sentence; `code` is stable. */
export class QuorateError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "QuorateError";
    this.code = code;
    this.details = details;
  }

  /** What to do next, from the failure itself or from the catalogue. */
  get next(): string {
    return this.details.next ?? catalogue[this.code].next;
  }
}

/** Several problems found together, for example all mistakes of one file. */
export class QuorateErrors extends Error {
  readonly problems: readonly QuorateError[];

  constructor(problems: readonly QuorateError[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.message}`).join("\n"));
    this.name = "QuorateErrors";
    this.problems = problems;
  }
}

/** Assert what only a bug of ours can break. */
export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Error(`bug in quorate, please report: ${claim}`);
}
