/** The shell on this machine: the same loop and frames as on a remote host, without ssh. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { QuorateError } from "../errors.js";
import { Shell, type Ending } from "./shell.js";
import { shellProgram } from "./shell-loop.js";

/** @param name the host's name, for messages */
export function openLocalShell(name: string): Shell {
  const nonce = randomBytes(12).toString("hex");
  // A session of its own: Ctrl-C in the terminal reaches quorate, which finishes the running step, and not the step.
  const child = spawn("sh", ["-c", shellProgram(nonce)], { detached: true, stdio: "pipe" });
  return new Shell(child, { nonce, explain: (ending) => explainLocal(name, ending) });
}

function explainLocal(name: string, ending: Ending): QuorateError {
  const found = ending.stderr === "" ? ending.reason : ending.stderr;
  if (!ending.ready) {
    return new QuorateError("E_HOST_UNREACHABLE", `${name}: no POSIX shell could be started on this machine`, {
      where: name,
      found,
      cause: ending.cause,
      next: "see that `sh -c true` works on this machine",
    });
  }
  return lostShell(name, ending);
}

/** A shell that was there and is gone, wherever it ran. */
export function lostShell(name: string, ending: Ending): QuorateError {
  const details = { where: name, ...(ending.stderr === "" ? {} : { found: ending.stderr }), cause: ending.cause };
  switch (ending.reason) {
    case "silence":
      return new QuorateError(
        "E_HOST_SILENT",
        `${name}: a command gave no sign of life for too long; the connection was given up`,
        details,
      );
    case "output":
      return new QuorateError(
        "E_HOST_OUTPUT",
        `${name}: the host answered with more, or other things, than quorate asked for`,
        details,
      );
    case "closed":
      return new QuorateError("E_HOST_LOST", `${name}: the connection was already closed`, details);
    default:
      return new QuorateError("E_HOST_LOST", `${name}: the connection was lost before the host had answered`, details);
  }
}
