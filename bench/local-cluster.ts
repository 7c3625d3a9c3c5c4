/** A cluster of quorate's own on this machine's loopback, in a folder and on ports of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, type Ended } from "../test/lab/execute.js";
import { project } from "../test/lab/folders.js";
import { etcdFolder } from "../test/support/etcd-binaries.js";
import { freePorts } from "../test/support/free-ports.js";

export const version = "3.5.30";
const main = join(project, "dist", "cli", "main.js");
/** Binaries are cached before anything is timed. */
export const cache = join(project, ".cache", "bench-cache");

export class LocalCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
  readonly file = join(this.folder, "cluster.yaml");
  readonly clientUrls: readonly string[];
  readonly #lines: readonly string[];

  private constructor(ports: readonly number[]) {
    const size = ports.length / 2;
    const sorted = [...ports].sort((one, other) => one - other);
    const members = Array.from({ length: size }, (_, index) => {
      const [peer, client] = [sorted[index], sorted[size + index]];
      return `  m${index + 1}: { address: 127.0.0.1, client: { port: ${client} }, peer: { port: ${peer} } }`;
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

  static async of(size: number): Promise<LocalCluster> {
    return new LocalCluster(await freePorts(2 * size));
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
    const exported = (await this.quorate("export", "etcdctl")).stdout;
    const env = Object.fromEntries(
      [...exported.matchAll(/^(?:export )?(ETCDCTL_\w+)=['"]?([^'"\n]*)['"]?$/gm)].map((found) => [
        found[1] ?? "",
        found[2] ?? "",
      ]),
    );
    const ended = await execute([join(etcdFolder(version), "etcdctl"), ...args], { cwd: this.folder, env });
    if (ended.code !== 0)
      throw new Error(`etcdctl ${args.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  /** Processes, data and folder, all gone. */
  async remove(): Promise<void> {
    await this.quorate("destroy", "--yes", "--name", "bench");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Bring the binaries into the cache, so that no run pays for it. */
export async function warmCache(): Promise<void> {
  const cluster = await LocalCluster.of(3);
  await cluster.quorate("up", "--yes");
  await cluster.remove();
}
