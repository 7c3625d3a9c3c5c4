/** A local cluster whose database is filled, fragmented, filled to the brim or damaged, and what its members say of it. */
import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openClient, op, type EtcdClient } from "../../src/etcd/client.js";
import { said, type Ended, LocalOperator } from "../cli/quorate.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import { until } from "../support/until.js";
import { clientOptions } from "../support/workload-child.js";

export interface SeenMember {
  readonly member: string;
  readonly role: string;
  readonly memberId: string;
  readonly dbSize: string;
  readonly dbSizeInUse: string;
  readonly revision: string;
  readonly alarms: readonly string[];
}

export class Patient extends LocalOperator {
  readonly version: string;

  constructor(version: string) {
    super();
    this.version = version;
  }

  /** Three members that serve. @param settings etcd's, as lines of the cluster file */
  async begin(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.init(this.version);
    const file = join(this.folder, "cluster.yaml");
    const lines = Object.entries(settings).map(([name, value]) => `    ${name}: ${value}\n`);
    const text = readFileSync(file, "utf8");
    const block = lines.length === 0 ? "" : `  settings:\n${lines.join("")}`;
    writeFileSync(file, text.replace(/^( {2}version: .*\n)/m, `$1${block}`));
    await this.must("up", "--yes");
  }

  /** @throws Error with everything that it said when it does not end well */
  async must(...args: readonly string[]): Promise<Ended> {
    const ended = await this.quorate(...args);
    if (ended.code !== 0) throw new Error(said(ended));
    return ended;
  }

  async members(): Promise<readonly SeenMember[]> {
    return (await this.json<{ members: readonly SeenMember[] }>("status")).members;
  }

  async nameOf(role: "leader" | "follower"): Promise<string> {
    const found = (await this.members()).find((member) => member.role === role);
    if (found === undefined) throw new Error(`there is no ${role}`);
    return found.member;
  }

  /** Titles of the stages of the run that was last, in order. */
  async stages(): Promise<readonly string[]> {
    const { runs } = await this.json<{ runs: readonly { run: string }[] }>("log");
    const newest =
      runs
        .map(({ run }) => run)
        .sort()
        .at(-1) ?? "";
    const journal = readFileSync(join(this.folder, ".quorate", "trial", "runs", `${newest}.jsonl`), "utf8");
    return journal
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; title?: string })
      .flatMap(({ type, title }) => (type === "stage-started" && title !== undefined ? [title] : []));
  }

  /** quorate with SIGKILL at the n-th step boundary. @returns whether it was killed there */
  killedAt(boundary: number, ...args: readonly string[]): Promise<boolean> {
    const env = { ...this.env, QUORATE_CRASH_AT: String(boundary) };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [this.main, ...args], { cwd: this.folder, env }, () =>
        resolve(child.signalCode === "SIGKILL"),
      );
      child.stdin?.end();
    });
  }

  /** etcdctl, as `quorate export etcdctl` sets it up. */
  async etcdctl(...args: readonly string[]): Promise<string> {
    const exported = await this.must("export", "etcdctl");
    const script = `${exported.stdout}\nexec "$0" "$@"`;
    return execFileSync("sh", ["-c", script, join(etcdFolder(this.version), "etcdctl"), ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** This member leads from now on. */
  async lead(name: string): Promise<void> {
    const list = await this.etcdctl("member", "list");
    const id =
      list
        .split("\n")
        .find((line) => line.includes(`, ${name}, `))
        ?.split(",")[0] ?? "";
    await until(async () => (await this.members()).find(({ member }) => member === name)?.role === "follower");
    await this.etcdctl("move-leader", id);
    await until(async () => (await this.nameOf("leader")) === name);
  }

  /** A client of the first member. */
  async withClient<T>(work: (client: EtcdClient) => Promise<T>): Promise<T> {
    const { endpoints, files } = clientOptions((await this.must("export", "etcdctl")).stdout);
    if (files === undefined) throw new Error("the cluster has no TLS");
    const read = (path: string): string => readFileSync(path, "utf8");
    const identity = { ca: read(files.ca), cert: read(files.cert), key: read(files.key) };
    const client = openClient(endpoints[0] ?? "", { tls: async () => identity, deadline: 60_000 });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  /** Values of 8 KiB under as many keys, again and again. */
  fill(keys: number, rounds: number): Promise<void> {
    return this.withClient(async ({ kv }) => {
      for (let round = 0; round < rounds; round += 1) {
        for (let from = 0; from < keys; from += 16) {
          const value = Buffer.alloc(8192, `${round} ${from} `);
          const some = Array.from({ length: Math.min(16, keys - from) }, (_, index) => from + index);
          await kv.txn({ success: some.map((key) => op.put(`fill/${key}`, value)) });
        }
      }
    });
  }

  dataOf(member: string): string {
    return join(this.folder, ".quorate", "trial", "members", member, "data");
  }

  /** Etcd on this member ends, and stays so. */
  async end(member: string): Promise<void> {
    const data = `--data-dir=${this.dataOf(member)}`;
    const pids = execFileSync("pgrep", ["-f", "--", data], { encoding: "utf8" }).trim().split("\n");
    const exact = pids.filter((pid) => argvOf(pid).includes(data));
    for (const pid of exact) process.kill(Number(pid), "SIGTERM");
    await until(() => exact.every((pid) => !argvOf(pid).includes(data)));
  }

  /** Bytes of a value in the file of a member that is stopped are others from now on. */
  damage(member: string, from: string, to: string): number {
    const path = databaseIn(this.dataOf(member));
    const bytes = readFileSync(path);
    let changed = 0;
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) {
      bytes.write(to, at, "latin1");
      changed += 1;
    }
    writeFileSync(path, bytes);
    return changed;
  }

  /** The file of a member that is stopped is no database any more. */
  shred(member: string): void {
    const path = databaseIn(this.dataOf(member));
    writeFileSync(path, Buffer.alloc(readFileSync(path).length, 0x5a));
  }
}

const databaseIn = (data: string): string => join(data, "member", "snap", "db");

function argvOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
