/**
 * Starts and stops a local member. A process is known by its ID, its start time and the boot, which it writes to
 * `STATE/etcd.pid` itself before it becomes etcd; so whatever kills quorate, a started member is never unknown.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QuorateError } from "../errors.js";

/** $1 the pid file, $2 the run script. */
const recordAndRun = [
  'read -r l <"/proc/$$/stat"; p=$1 f=$2; set -- ${l##*) }; read -r b </proc/sys/kernel/random/boot_id',
  'echo "$$ ${20} $b" >"$p.new" && mv -f -- "$p.new" "$p" && exec "$f"',
].join("; ");

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
    await rm(this.record, { force: true });
    const log = openSync(join(this.state, "etcd.log"), "a", 0o600);
    try {
      const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };
      const child = spawn("sh", ["-c", recordAndRun, "sh", this.record, this.script], {
        detached: true,
        stdio: ["ignore", log, log],
        cwd: "/",
        env: environment,
      });
      child.unref();
      await this.recorded(child);
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
    const [pid = "", started, boot] = (await read(this.record)).trim().split(" ");
    if (!/^[1-9]\d*$/.test(pid)) return undefined;
    const stat = await read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
    const alive =
      fields[0] !== "Z" && fields[19] === started && boot === (await read("/proc/sys/kernel/random/boot_id")).trim();
    return alive ? Number(pid) : undefined;
  }

  private async recorded(child: ReturnType<typeof spawn>): Promise<void> {
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    failed.catch(() => undefined);
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      if ((await read(this.record)) !== "") return;
      if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}`);
      await Promise.race([sleep(5), failed]);
    }
    throw new Error("it did not begin within 5 seconds");
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
