/** quorate as an operator calls it: the built command in a process of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { etcdFolder } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a cluster file for processes on this machine, and quorate in it. */
export class LocalOperator {
  readonly folder = mkdtempSync(join(tmpdir(), "quorate-cli-"));

  readonly main = main;
  readonly env = { ...process.env, QUORATE_CACHE: join(tmpdir(), "quorate-test-cache"), NO_COLOR: "1" };

  quorate(...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [main, ...args],
        { cwd: this.folder, env: this.env, maxBuffer: 64 << 20 },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : (child.exitCode ?? 255), stdout, stderr });
        },
      );
      child.stdin?.end();
    });
  }

  /** Run `quorate ARGS` with a terminal of its own, at which this is typed. @returns all that it showed */
  atTerminal(args: readonly string[], typed: string): Promise<string> {
    const command = [process.execPath, main, ...args].map((word) => `'${word}'`).join(" ");
    return new Promise((resolve) => {
      const script = ["--quiet", "--command", command, "/dev/null"];
      const child = execFile("script", script, { cwd: this.folder, env: this.env }, (_error, stdout) =>
        resolve(stdout),
      );
      child.stdin?.end(typed);
    });
  }

  /** The answer of `quorate ARGS --json`, whatever the exit code. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const ended = await this.quorate(...args, "--json");
    return JSON.parse(ended.stdout) as T;
  }

  /** Three members of the real etcd. Other tests may take the ports that `init` finds free, so they get ports of their own. */
  async init(version = "3.5.30"): Promise<Ended> {
    const ended = await this.quorate("init", "--hosts", "local", "--name", "trial", "--etcd", version);
    const file = join(this.folder, "cluster.yaml");
    const ports = await freePorts(6);
    const members = [0, 1, 2].map(
      (index) => `  etcd-${index}: { client: { port: ${ports[index]} }, peer: { port: ${ports[index + 3]} } }\n`,
    );
    const written = await readFile(file, "utf8");
    const text = written.replace(/^members:\n(?: .*\n)+/m, `members:\n${members.join("")}`);
    await writeFile(file, `${text}\nrelease: { sources: [given], from: ${etcdFolder(version)} }\n`);
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
