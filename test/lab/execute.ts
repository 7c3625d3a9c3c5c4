import { spawn } from "node:child_process";

export interface ExecuteOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string;
  /** Milliseconds until the command is killed; default two minutes. */
  readonly timeout?: number;
}

/** How a command ended. `code` is 255 when a signal ended it. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whole duration in milliseconds. */
  readonly took: number;
}

/**
 * Run a command to its end and tell how it ended, whatever its exit status. @throws Error when it cannot be started.
 */
export function execute(argv: readonly string[], options: ExecuteOptions = {}): Promise<Ended> {
  const [command, ...rest] = argv;
  if (command === undefined) throw new Error("execute needs a command");
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { env: { ...process.env, ...options.env }, cwd: options.cwd, stdio: "pipe" });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined); // a command may end before it has read everything
    child.stdin.end(options.input ?? "");
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeout ?? 120_000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
      resolve({ code: code ?? 255, stdout: text(out), stderr: text(err), took: performance.now() - begin });
    });
  });
}

/** Run a command that must succeed. @returns its standard output. @throws Error with everything that it printed. */
export async function must(argv: readonly string[], options: ExecuteOptions = {}): Promise<string> {
  const ended = await execute(argv, options);
  if (ended.code === 0) return ended.stdout;
  throw new Error(`\`${argv.join(" ")}\` ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
}

/** Ask until the answer is true. @throws Error naming what was waited for, after `limit` milliseconds. */
export async function until(what: string, limit: number, ask: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + limit;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
