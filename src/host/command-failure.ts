/** A command that failed on a host → one error with the host's own words. */
import { QuorateError, type ErrorCode } from "../errors.js";
import { scriptStatus, type Command } from "./command.js";
import type { Answer } from "./shell.js";

/** System errors that programs, and Node, report as text; scripts run in the C locale, so the text is always the same. */
const systemErrors: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/ENOSPC|No space left on device/, "E_NO_SPACE", "the disk is full"],
  [/EDQUOT|Disk quota exceeded/, "E_NO_SPACE", "the disk quota is used up"],
  [/EROFS|Read-only file system/, "E_READ_ONLY", "the file system is read-only"],
];

/** @param name of the host */
export function failureOf(name: string, command: Pick<Command, "intent">, answer: Answer): QuorateError {
  const words = answer.stderr.trim().slice(-4_000);
  const details = { where: name, found: words === "" ? `exit status ${answer.status}` : words };
  if (answer.status === scriptStatus.digestMismatch) {
    return new QuorateError(
      "E_HOST_DIGEST",
      `${name}: could not ${command.intent}: the content arrived changed or incomplete`,
      details,
    );
  }
  if (answer.status === scriptStatus.inTheWay) {
    return new QuorateError("E_HOST_IN_THE_WAY", `${name}: could not ${command.intent}: ${lastLine(words)}`, details);
  }
  for (const [text, code, meaning] of systemErrors) {
    if (text.test(words))
      return new QuorateError(code, `${name}: could not ${command.intent}: ${meaning}`, details);
  }
  return new QuorateError(
    "E_HOST_COMMAND",
    `${name}: could not ${command.intent}: ${lastLine(details.found)}`,
    details,
  );
}

const lastLine = (text: string): string => text.split("\n").at(-1) ?? "";
