import { QuorateError, QuorateErrors } from "../errors.js";

/** Throw what was found: one problem as itself, several together. */
export function throwAny(problems: readonly QuorateError[]): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  throw more.length === 0 ? first : new QuorateErrors(problems);
}

/** Run a check that throws, and keep what it threw as a problem. */
export async function collect<T>(problems: QuorateError[], check: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof QuorateError)) throw error;
    problems.push(error);
    return undefined;
  }
}
