/** A cluster of quorate's own on this machine's loopback, in a folder and on ports of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, until, type Ended } from "../test/lab/execute.js";
import { project } from "../test/lab/folders.js";
import { etcdFolder } from "../test/support/etcd-binaries.js";
import { isProcess, startOf } from "../test/lab/process.js";
import { freePorts } from "../test/support/free-ports.js";
import type { Identity } from "./anchors/raw-read.js";

export const version = "3.5.30";
const main = join(project, "dist", "cli", "main.js");
/** Binaries are cached before anything is timed. */
export const cache = join(project, ".cache", "bench-cache");

export class LocalCluster {
  readonly folder: string;
  readonly file: string;
  readonly names: readonly string[];
  readonly clientUrls: readonly string[];
  readonly #lines: readonly string[];

  private constructor(ports: readonly number[], below: string) {
    this.folder = mkdtempSync(join(below, "quorate-bench-"));
    this.file = join(this.folder, "cluster.yaml");
    const size = ports.length / 2;
    const sorted = [...ports].sort((one, other) => one - other);
    this.names = Array.from({ length: size }, (_, index) => `m${index + 1}`);
    const members = this.names.map((name, index) => {
      const [peer, client] = [sorted[index], sorted[size + index]];
      return `  ${name}: { address: 127.0.0.1, client: { port: ${client} }, peer: { port: ${peer} } }`;
    });
    this.clientUrls = sorted.slice(size).map((port) => `https://127.0.0.1:${port}`);
    this.#lines = ["members:", ...members, `release: { sources: [given], from: ${etcdFolder(version)} }`];
    this.write({});
  }

  /** Writes the cluster file. @param settings of etcd, as they stand in the file */
  write(settings: Readonly<Record<string, string | number>>): void {
    const listed = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
    const etcd = `etcd: { version: ${version}, settings: { ${listed.join(", ")} } }`;
    writeFileSync(this.file, `${["name: bench", "hosts: local", etcd, ...this.#lines].join("\n")}\n`);
  }

  /** @param below the folder that holds everything of it */
  static async of(size: number, below = tmpdir()): Promise<LocalCluster> {
    return new LocalCluster(await freePorts(2 * size), below);
  }

  /** `quorate ARGS`, which must succeed. */
  async quorate(...args: readonly string[]): Promise<Ended> {
    const ended = await execute([process.execPath, main, ...args], { cwd: this.folder, env: { QUORATE_CACHE: cache } });
    if (ended.code !== 0)
      throw new Error(`quorate ${args.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  /**
   * The real etcdctl, told about the cluster by `quorate export etcdctl`. @returns how it ended and how long it took
   * by itself
   */
  async etcdctl(...args: readonly string[]): Promise<Ended> {
    const env = await this.#exported();
    const ended = await execute([join(etcdFolder(version), "etcdctl"), ...args], { cwd: this.folder, env });
    if (ended.code !== 0)
      throw new Error(`etcdctl ${args.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  /** What `quorate export etcdctl` says, by name without its beginning. */
  async #exported(): Promise<Readonly<Record<string, string>>> {
    const exported = (await this.quorate("export", "etcdctl")).stdout;
    const lines = [...exported.matchAll(/^(?:export )?(ETCDCTL_\w+)=['"]?([^'"\n]*)['"]?$/gm)];
    return Object.fromEntries(lines.map((found) => [found[1] ?? "", found[2] ?? ""]));
  }

  /** Of a client that every member trusts. */
  async identity(): Promise<Identity> {
    const env = await this.#exported();
    const pem = (name: string): string => readFileSync(env[`ETCDCTL_${name}`] ?? "", "utf8");
    return { ca: pem("CACERT"), cert: pem("CERT"), key: pem("KEY") };
  }

  /** The ID of a member's process. */
  pid(member: string): number {
    return Number(readFileSync(this.#record(member), "utf8").trim().split(/\s/)[0]);
  }

  /** A member's process dies, and its disk with it. */
  async lose(member: string): Promise<void> {
    const pid = this.pid(member);
    process.kill(pid, "SIGKILL");
    await until(`${member} to end`, 10_000, () => startOf(pid) === undefined);
    rmSync(join(this.#home(member), "data"), { recursive: true });
  }

  readonly #home = (member: string): string => join(this.folder, ".quorate", "bench", "members", member);
  readonly #record = (member: string): string => join(this.#home(member), "state", "etcd.pid");

  /** Processes, data and folder, all gone. */
  async remove(): Promise<void> {
    try {
      await this.quorate("destroy", "--yes", "--name", "bench");
    } finally {
      // What fails to destroy it must not leave processes behind.
      await this.discard();
    }
  }

  /** The same without asking quorate, which stops every member as it should and takes longer than to form them. */
  async discard(): Promise<void> {
    for (const member of this.names) {
      const pid = existsSync(this.#record(member)) ? this.pid(member) : 0;
      if (pid === 0 || !isProcess(pid, `--name=${member}`)) continue;
      process.kill(pid, "SIGKILL");
      await until(`${member} to end`, 10_000, () => startOf(pid) === undefined);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Bring the binaries into the cache, so that no run pays for it. */
export async function warmCache(): Promise<void> {
  const cluster = await LocalCluster.of(3);
  await cluster.quorate("up", "--yes");
  await cluster.remove();
}
