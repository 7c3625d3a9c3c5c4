/** `health` as fast as it can be had: everything that it needs in one file of the bundle, and no parser. */
import { openSession, type CommonOptions } from "./session.js";
import { straightOutput } from "./straight-output.js";
import { processTerminal } from "./terminal.js";
import { health } from "./verbs/health.js";

/** @returns the exit code; never rejects */
export async function proveAtOnce(options: CommonOptions): Promise<number> {
  const session = openSession(processTerminal(straightOutput), options);
  try {
    return await health.run(session, [], {});
  } catch (error) {
    const { tellFailure } = await import("./tell-failure.js");
    return tellFailure(error, session);
  }
}
