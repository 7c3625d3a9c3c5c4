/**
 * Starts and stops a local member. A process is known by its ID, its start time and the boot, which stand in
 * `STATE/etcd.pid` before it becomes etcd; so whatever kills quorate, a started member is never unknown.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QuorateError } from "../errors.js";
import { bootId, isRunning, startOf } from "./local-processes.js";

/** Becomes $1 when it is told to. Whoever has started it may be killed before that, and then it just ends. */
const runWhenTold = 'read -r go && exec "$1" </dev/null';

export class ProcessSupervisor {
  private readonly record: string;

  /** @param script an executable that becomes the member */
  constructor(
    private readonly name: string,
    private readonly script: string,
    private readonly state: string,
  ) {
    this.record = join(state, "etcd.pid");
  }

  /** Start the member unless it runs. Returns as soon as it has its own process, long before it serves. */
  async start(): Promise<void> {
    if ((await this.running()) !== undefined) return;
    await mkdir(this.state, { recursive: true, mode: 0o700 });
    const log = openSync(join(this.state, "etcd.log"), "a", 0o600);
    try {
      const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };
      const child = spawn("sh", ["-c", runWhenTold, "sh", this.script], {
        detached: true,
        stdio: ["pipe", log, log],
        cwd: "/",
        env: environment,
      });
      child.unref();
      await this.tell(child);
    } catch (cause) {
      throw new QuorateError("E_HOST_COMMAND", `${this.name}: could not start ${this.script}`, {
        where: this.name,
        found: String(cause),
        cause,
      });
    } finally {
      closeSync(log);
    }
  }

  /** @throws Error when there is no such process, or it does not listen any more */
  private tell(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.stdin?.once("error", reject).once("finish", resolve);
      if (child.pid === undefined) return;
      writeFileSync(`${this.record}.new`, `${child.pid} ${startOf(child.pid) ?? ""} ${bootId()}\n`);
      renameSync(`${this.record}.new`, this.record);
      child.stdin?.end("go\n");
    });
  }

  /** SIGTERM, then SIGKILL when the grace time is over. @param grace milliseconds */
  async stop(grace: number): Promise<void> {
    const pid = await this.running();
    if (pid !== undefined) {
      signal(pid, "SIGTERM");
      if (!(await this.gone(grace))) signal(pid, "SIGKILL");
      if (!(await this.gone(10_000))) {
        throw new QuorateError("E_HOST_COMMAND", `${this.name}: process ${pid} could not be ended`, {
          where: this.name,
          found: `process ${pid} survives SIGKILL`,
        });
      }
    }
    await rm(this.record, { force: true });
  }

  /** Process ID of the member if it lives. */
  private async running(): Promise<number | undefined> {
    const [pid = "", started = "", boot = ""] = (await read(this.record)).trim().split(" ");
    return isRunning(pid, started, boot) ? Number(pid) : undefined;
  }

  private async gone(patience: number): Promise<boolean> {
    for (const end = Date.now() + patience; ; await sleep(10)) {
      if ((await this.running()) === undefined) return true;
      if (Date.now() >= end) return false;
    }
  }
}

const read = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Between the look and the signal it may have ended by itself; anything else is worth knowing.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
