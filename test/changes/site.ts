/** A cluster of processes on this machine whose file a test edits, and the built quorate that makes it true. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openClient, type EtcdClient, type TlsMaterial } from "../../src/etcd/client.js";
import { startWorkload, type Workload } from "../../src/drill/workload/workload.js";
import { LocalOperator, said, type Ended } from "../cli/quorate.js";
import { freePorts } from "../support/free-ports.js";
import { until } from "../support/until.js";
import { clientOptions } from "../support/workload-child.js";
import { fillCache } from "./releases.js";

/** Names of as many members as a file may have here. */
export const names = ["m0", "m1", "m2", "m3", "m4"] as const;

export interface Wanted {
  readonly version: string;
  readonly members: readonly string[];
  /** etcd's, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly accept?: readonly string[];
  /** Members that are reached at their second pair of ports. */
  readonly moved?: readonly string[];
  /** Further lines of the file. */
  readonly more?: string;
}

/** An election only where nobody handed over, however busy the machine is. */
const calm = { "heartbeat-interval": "250ms", "election-timeout": "5s" };

export class ChangingSite extends LocalOperator {
  readonly cache = join(this.folder, "cache");
  override readonly env = { ...process.env, QUORATE_CACHE: this.cache, NO_COLOR: "1" };
  readonly #ports: readonly number[];
  #identity: TlsMaterial | undefined;
  wanted: Wanted;

  private constructor(ports: readonly number[], wanted: Wanted) {
    super();
    this.#ports = ports;
    this.wanted = wanted;
  }

  /** @param versions that quorate can have */
  static async of(versions: readonly string[], wanted: Wanted): Promise<ChangingSite> {
    const site = new ChangingSite(await freePorts(names.length * 4), wanted);
    mkdirSync(site.cache, { recursive: true });
    fillCache(site.cache, versions);
    site.write({});
    return site;
  }

  /** Edits the file. */
  write(edit: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, ...edit };
    const { version, members, settings = {}, accept = [], moved = [], more = "" } = this.wanted;
    const lines = members.map((name) => {
      const [client, peer] = this.#pair(name, moved);
      return `  ${name}: { client: { port: ${client} }, peer: { port: ${peer} } }\n`;
    });
    const all = Object.entries({ ...calm, ...settings }).map(([name, value]) => `    ${name}: ${value}\n`);
    const etcd = `etcd:\n  version: ${version}\n  accept: [${accept.join(", ")}]\n  settings:\n${all.join("")}`;
    const odd = members.length % 2 === 1 ? "" : "allow-even: true\n";
    const text = `name: trial\nhosts: local\n${odd}${etcd}members:\n${lines.join("")}release: { sources: [cache] }\n${more}`;
    writeFileSync(join(this.folder, "cluster.yaml"), text);
  }

  /** @throws Error with everything that it said when it does not end well */
  async must(...args: readonly string[]): Promise<Ended> {
    const ended = await this.quorate(...args);
    if (ended.code !== 0) throw new Error(`quorate ${args.join(" ")}: ${said(ended)}`);
    return ended;
  }

  up(): Promise<Ended> {
    return this.must("up", "--yes");
  }

  /** quorate with SIGKILL at the n-th step boundary. @returns "killed", or what it said when it ended before */
  upKilledAt(boundary: number): Promise<"killed" | Ended> {
    const env = { ...this.env, QUORATE_CRASH_AT: String(boundary) };
    return new Promise((resolve) => {
      const argv = [this.main, "up", "--yes"];
      const child = execFile(process.execPath, argv, { cwd: this.folder, env }, (_error, stdout, stderr) =>
        resolve(child.signalCode === "SIGKILL" ? "killed" : { code: child.exitCode ?? 255, stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  /** Client URLs of the members in the file. */
  urls({ members, moved = [] }: Pick<Wanted, "members" | "moved"> = this.wanted): readonly string[] {
    return members.map((name) => `https://127.0.0.1:${this.#pair(name, moved)[0]}`);
  }

  #pair(name: string, moved: readonly string[]): readonly [client: number, peer: number] {
    const first = names.findIndex((one) => one === name) * 4 + (moved.includes(name) ? 2 : 0);
    return [this.#ports[first] ?? 0, this.#ports[first + 1] ?? 0];
  }

  /** quorate's own, which no change in these tests replaces. */
  async identity(): Promise<TlsMaterial> {
    if (this.#identity !== undefined) return this.#identity;
    const { files } = clientOptions((await this.must("export", "etcdctl")).stdout);
    if (files === undefined) throw new Error("the cluster has no TLS");
    const [ca = "", cert = "", key = ""] = [files.ca, files.cert, files.key].map((path) => readFileSync(path, "utf8"));
    this.#identity = { ca, cert, key };
    return this.#identity;
  }

  async at<T>(url: string, work: (client: EtcdClient) => Promise<T>): Promise<T> {
    const identity = await this.identity();
    const client = openClient(url, { tls: async () => identity, deadline: 30_000 });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  /** Writes through the first address, old or new, that takes it. @throws what the last one answered */
  async put(key: string): Promise<void> {
    const { moved: _, ...unmoved } = this.wanted;
    const urls = [...new Set([...this.urls(), ...this.urls(unmoved)])];
    let last: unknown;
    for (const url of urls) {
      try {
        await this.at(url, ({ kv }) => kv.put(key, key));
        return;
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** Members as etcd lists them: `m0` when it is a voter that has been started, and what is amiss beside it otherwise. */
  listed(): Promise<readonly string[]> {
    return this.at(this.urls()[0] ?? "", async ({ cluster }) => {
      const { members } = await cluster.list();
      return members
        .map(({ name, isLearner }) => `${name === "" ? "unstarted" : name}${isLearner ? " learns" : ""}`)
        .sort();
    });
  }

  /** Keys below a prefix, as every member of the file has them: they must agree. */
  async keys(prefix: string): Promise<readonly string[]> {
    const all = await Promise.all(
      this.urls().map((url) =>
        this.at(url, async ({ kv }) => {
          const { kvs } = await kv.range(prefix, { rangeEnd: prefixEndOf(prefix) });
          return kvs.map(({ key }) => Buffer.from(key).toString());
        }),
      ),
    );
    if (new Set(all.map((one) => one.join())).size > 1) throw new Error(`members differ: ${JSON.stringify(all)}`);
    return all[0] ?? [];
  }

  /**
   * Clients at work through all members, those that come later included.
   * @param as who they are, when not quorate itself
   * @param prefix of their keys
   */
  async clients(as?: TlsMaterial, prefix?: string): Promise<Workload> {
    const identity = as ?? (await this.identity());
    const where = prefix === undefined ? {} : { prefix };
    const load = await startWorkload({ endpoints: () => this.urls(), tls: async () => identity, ...where });
    await until(() => load.acknowledged > 50, 60_000);
    return load;
  }

  /** Raft's term, as the first member knows it. */
  term(): Promise<bigint> {
    return this.at(this.urls()[0] ?? "", async ({ maintenance }) => (await maintenance.status()).raftTerm);
  }

  dataOf(member: string): string {
    return join(this.folder, ".quorate", "trial", "members", member, "data");
  }

  /** Labels of the databases that were saved. */
  saved(): readonly string[] {
    return readdirSync(join(this.folder, ".quorate", "trial", "snapshots"));
  }

  /** The process of a member, as /proc has it; undefined: none runs. */
  process(member: string): { readonly pid: number; readonly argv: readonly string[] } | undefined {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const argv = read(`/proc/${pid}/cmdline`).split("\0");
      if (argv.includes(`--data-dir=${this.dataOf(member)}`) && exeOf(pid)) return { pid: Number(pid), argv };
    }
    return undefined;
  }

  /** Kills etcd of a member for good. */
  async kill(member: string): Promise<void> {
    const found = this.process(member);
    if (found === undefined) throw new Error(`${member} does not run`);
    process.kill(found.pid, "SIGKILL");
    await until(() => this.process(member)?.pid !== found.pid);
  }

  override async leave(): Promise<void> {
    await this.quorate("stop", "--yes");
    for (const name of names) {
      const left = this.process(name);
      if (left !== undefined) process.kill(left.pid, "SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const prefixEndOf = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has just ended
  }
}

function exeOf(pid: string): boolean {
  try {
    return /\/etcd$/.test(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return false;
  }
}
