/** Runs one of the machine's own programs (apt-get, dpkg-deb, go, a fetched etcd) and gives its whole output. */
import { execFile } from "node:child_process";

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

/** Never rejects: failures are in the result. Output is limited to 16 MiB; messages come in English. */
export function runTool(program: string, argv: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, environment, patience } = options;
  return new Promise((resolve) => {
    const settings = {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...environment, LC_ALL: "C.UTF-8", LANGUAGE: "en" },
      timeout: patience,
      maxBuffer: 16 << 20,
    };
    const child = execFile(program, [...argv], settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr, trouble: undefined });
      const code = typeof error.code === "number" ? error.code : undefined;
      const named = typeof error.code === "string" ? error.code : error.killed === true ? "timeout" : undefined;
      resolve({
        code,
        stdout,
        stderr,
        trouble: named ?? (code === undefined ? (error.signal ?? error.message) : undefined),
      });
    });
    child.stdin?.end();
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
