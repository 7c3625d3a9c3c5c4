/** Runs one of the machine's own programs (apt-get, dpkg-deb, go, a fetched etcd) and gives its whole output. */
import type { Readable } from "node:stream";
import { endGroup, spawnInOwnGroup, type Program } from "./own-group.js";

export interface ToolResult {
  /** Exit status; undefined: it could not be started or was ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** ENOENT, EACCES … when it could not be started; "timeout" when it was ended for taking too long. */
  readonly trouble: string | undefined;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds before it is ended. */
  readonly patience: number;
}

/** Bytes of output, of both kinds together, at which a program is ended. */
const mostOutput = 16 << 20;

/** Never rejects: failures are in the result. Output is limited to 16 MiB; messages come in English. */
export async function runTool(program: string, argv: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, environment, patience } = options;
  const env = { ...environment, LC_ALL: "C.UTF-8", LANGUAGE: "en" };
  try {
    const child = spawnInOwnGroup(program, argv, { ...(cwd === undefined ? {} : { cwd }), env });
    return await resultOf(child, patience);
  } catch (error) {
    // Some reasons why a program cannot be started are thrown, the others are told as events.
    return { code: undefined, stdout: "", stderr: "", trouble: reasonOf(error as NodeJS.ErrnoException) };
  }
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string => code ?? message;

function resultOf(child: Program, patience: number): Promise<ToolResult> {
  return new Promise((resolve) => {
    let trouble: string | undefined;
    let size = 0;
    const end = (why: string): void => {
      trouble ??= why;
      endGroup(child);
    };
    const timer = setTimeout(end, patience, "timeout");
    const heard = (stream: Readable): Buffer[] => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostOutput) end("more than 16 MiB of output");
        else chunks.push(chunk);
      });
      return chunks;
    };
    const [stdout, stderr] = [heard(child.stdout), heard(child.stderr)];
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
    child.once("error", (error) => (trouble = reasonOf(error)));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const ended = trouble ?? signal ?? undefined;
      const status = ended === undefined && code !== null ? code : undefined;
      resolve({ code: status, stdout: text(stdout), stderr: text(stderr), trouble: ended });
    });
  });
}

/** What went wrong, on one line: the program's last lines on stderr, or why it could not run. */
export function troubleOf(program: string, result: ToolResult): string {
  if (result.trouble === "ENOENT") return `${program} is not installed`;
  if (result.trouble === "timeout") return `${program} took too long and was ended`;
  const said = result.stderr
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("W:"));
  const last = said.slice(-2).join(" ").slice(0, 400);
  return `${program} failed (${result.trouble ?? `exit ${result.code}`})${last === "" ? "" : `: ${last}`}`;
}
