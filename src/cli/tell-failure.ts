/** Whatever a verb threw, told to the operator. A stack is shown only for what is our own fault. */
import { CommanderError } from "commander";
import { QuorateError, QuorateErrors } from "../errors.js";
import { errorJson, errorLines } from "../render/error-text.js";
import { exit, type Session } from "./session.js";

/** @returns the exit code */
export function tellFailure(error: unknown, session: Session): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exit.done;
  // Called without a verb: the help that was shown says it all.
  if (error instanceof CommanderError && error.code === "commander.help") return exit.trouble;
  const told = error instanceof CommanderError ? usageError(error) : error;
  if (told instanceof QuorateError || told instanceof QuorateErrors) {
    if (session.json) session.event(errorJson(told));
    else session.warn(...errorLines(told, session.page));
    return told instanceof QuorateError && told.code === "E_INTERRUPTED" ? exit.interrupted : exit.trouble;
  }
  const text = told instanceof Error ? (told.stack ?? told.message) : String(told);
  if (session.json) session.event({ bug: text });
  else session.warn("This is a bug in quorate, please report it with these lines:", text);
  return exit.trouble;
}

/** Commander's own message without its "error: ", with its suggestion on the same line. */
function usageError({ message }: CommanderError): QuorateError {
  const [what = "", ...hints] = message.replace(/^error: /, "").split("\n");
  const hint = hints.join(" ").trim();
  return new QuorateError("E_USAGE", `${what}${hint === "" ? "" : ` ${hint}`}`);
}
