import { QuorateError } from "../../../src/errors.js";

/** The error that some work ends in; a test that expects one fails when the work succeeds. */
export async function failure(work: () => unknown): Promise<QuorateError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof QuorateError) return error;
    throw error;
  }
  throw new Error("it succeeded, and a failure was expected");
}
