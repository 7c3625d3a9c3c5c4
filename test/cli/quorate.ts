/** quorate as an operator calls it: the built command in a process of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { etcdFolder } from "../support/etcd-binaries.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a cluster file for processes on this machine, and quorate in it. */
export class LocalOperator {
  readonly folder = mkdtempSync(join(tmpdir(), "quorate-cli-"));

  quorate(...args: readonly string[]): Promise<Ended> {
    const env = { ...process.env, QUORATE_CACHE: join(tmpdir(), "quorate-test-cache"), NO_COLOR: "1" };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [main, ...args],
        { cwd: this.folder, env, maxBuffer: 64 << 20 },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : (child.exitCode ?? 255), stdout, stderr });
        },
      );
      child.stdin?.end();
    });
  }

  /** The answer of `quorate ARGS --json`, whatever the exit code. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const ended = await this.quorate(...args, "--json");
    return JSON.parse(ended.stdout) as T;
  }

  /** Three members of the real etcd on free ports. */
  async init(version = "3.5.30"): Promise<Ended> {
    const ended = await this.quorate("init", "--hosts", "local", "--name", "trial", "--etcd", version);
    const file = join(this.folder, "cluster.yaml");
    await writeFile(
      file,
      `${await readFile(file, "utf8")}\nrelease: { sources: [given], from: ${etcdFolder(version)} }\n`,
    );
    return ended;
  }

  /** End what still runs and remove the folder. */
  async leave(): Promise<void> {
    await this.quorate("stop", "--yes");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** For the message of a failed claim. */
export const said = ({ code, stdout, stderr }: Ended): string => `exit ${code}\n${stdout}\n${stderr}`;

export const healthLines =
  /^https:\/\/127\.0\.0\.1:\d+ is healthy: successfully committed proposal: took = [\d.]+(µs|ms|s)$/gm;
