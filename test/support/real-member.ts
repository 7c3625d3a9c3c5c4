/** One real etcd process of a test. */
import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync, readdirSync, readFileSync } from "node:fs";
import { until } from "./until.js";

export interface RealMemberOptions {
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
}

/** Processes that are not known to have ended, for the last moment of a test run that was cut short. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class RealMember {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly #options: RealMemberOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: RealMemberOptions) {
    this.#options = options;
    this.name = options.name;
    this.clientUrl = options.clientUrl;
    this.peerUrl = options.peerUrl;
    this.dataDir = options.dataDir;
    this.logFile = options.logFile;
  }

  /** undefined while no process runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process and does not wait for it to serve. Extra arguments come last, so they win. */
  start(extra: readonly string[] = []): void {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logFile, "a");
    const { binary, args, env } = this.#options;
    const child = spawn(binary, [...args, ...extra], {
      stdio: ["ignore", log, log],
      env: { PATH: "/usr/bin:/bin", ...env },
    });
    closeSync(log);
    running.add(child);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        running.delete(child);
        if (this.#child === child) this.#child = undefined;
        resolve();
      };
      child.once("exit", over);
      child.once("error", over);
    });
  }

  /**
   * Freezes it: connections stay open and nothing answers. Resolves when every thread has stopped, since on a busy machine one
   * goes on answering for a while after the signal was sent.
   */
  async pause(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    process.kill(pid, "SIGSTOP");
    await until(() => readdirSync(`/proc/${pid}/task`).every((thread) => stateOf(pid, thread) === "T"));
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** SIGTERM, and SIGKILL when it has not ended within ten seconds. Resolves when it has ended. */
  async stop(): Promise<void> {
    const child = this.#child;
    child?.kill("SIGCONT");
    child?.kill("SIGTERM");
    const timer = setTimeout(() => child?.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(timer);
  }

  /** SIGKILL. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  /** The end of its log, for a failed test's message. */
  lastLog(lines = 8): string {
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }
}

/** One letter, as in proc(5); it comes after the name, which may hold anything. */
function stateOf(pid: number, thread: string): string | undefined {
  const line = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
  return line.slice(line.lastIndexOf(")") + 2)[0];
}
