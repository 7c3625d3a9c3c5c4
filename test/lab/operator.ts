/** An operator at work in a lab: a folder with a cluster file, and quorate as they would type it. */
import { mkdtempSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { etcdFolder } from "../support/etcd-binaries.js";
import type { Ended, ExecuteOptions } from "./execute.js";
import { labFolder, project } from "./folders.js";
import type { Lab } from "./lab.js";

export interface OperatorOptions {
  /** Exact etcd version; one of those the tests have. */
  readonly version?: string;
  /** Login name on every host. */
  readonly user?: string;
  /** Hosts that the cluster file names as members; all of the lab unless told. */
  readonly members?: readonly string[];
  /** A folder of archives to take etcd from; the binaries of `version` alone unless told. */
  readonly archives?: string;
  /** `ssh.become` of the cluster file. */
  readonly become?: "none" | "sudo" | "sudo-password";
  /** `ssh.jump` of the cluster file. */
  readonly jump?: string;
  /** Further lines of the cluster file. */
  readonly more?: string;
  /** Folder to share with another operator; a fresh one unless told. */
  readonly folder?: string;
}

const command = [process.execPath, join(project, "dist", "cli", "main.js")];

export class Operator {
  readonly file: string;

  private constructor(
    readonly lab: Lab,
    readonly folder: string,
    readonly etcd: string,
  ) {
    this.file = join(folder, "cluster.yaml");
  }

  /** Give an operator a folder with a cluster file for all hosts of the lab. */
  static async of(lab: Lab, options: OperatorOptions = {}): Promise<Operator> {
    const version = options.version ?? "3.5.30";
    const operator = new Operator(
      lab,
      options.folder ?? mkdtempSync(join(lab.folder, "cluster-")),
      etcdFolder(version),
    );
    const lines = [
      "name: lab",
      `etcd: { version: ${version} }`,
      "members:",
      ...(options.members ?? lab.hosts.map(({ name }) => name)).map((name) => `  ${name}: ${lab.host(name).address}`),
      `ssh: ${sshOf(options)}`,
      `release: { sources: [given], from: ${options.archives ?? operator.etcd} }`,
      options.more ?? "",
    ];
    await writeFile(operator.file, `${lines.join("\n")}\n`);
    return operator;
  }

  /** What every quorate of this operator is started with. Binaries are cached once for all labs. */
  readonly env: Readonly<Record<string, string>> = { QUORATE_CACHE: join(labFolder, "quorate-cache"), NO_COLOR: "1" };

  /** Run `quorate ARGS`. */
  quorate(args: readonly string[], options: ExecuteOptions = {}): Promise<Ended> {
    return this.lab.run([...command, ...args], { cwd: this.folder, ...options, env: { ...this.env, ...options.env } });
  }

  /** Start `quorate ARGS` without waiting for its end. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return this.lab.start([...command, ...args], { cwd: this.folder, env: { ...this.env, ...env } });
  }

  /** Run `quorate ARGS --json`, which must succeed. @returns the answer */
  async json<T>(args: readonly string[]): Promise<T> {
    const ended = await this.quorate([...args, "--json"]);
    if (ended.code !== 0)
      throw new Error(`quorate ${args.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return JSON.parse(ended.stdout) as T;
  }

  /**
   * Debian's own etcdctl, told about the cluster by `quorate export etcdctl` alone.
   * @param otherwise variables that say something else, since etcdctl takes no flag beside its variable
   */
  async etcdctl(args: readonly string[], otherwise: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const exported = await this.quorate(["export", "etcdctl"]);
    if (exported.code !== 0) throw new Error(said(exported));
    const more = Object.entries(otherwise).map(([name, value]) => `export ${name}='${value}'\n`);
    const script = `${exported.stdout}\n${more.join("")}exec "$0" "$@"`;
    return await this.lab.run(["sh", "-c", script, join(this.etcd, "etcdctl"), ...args], { cwd: this.folder });
  }
}

const sshOf = ({ user = "root", become, jump }: OperatorOptions): string =>
  `{ ${[`user: ${user}`, become && `become: ${become}`, jump && `jump: ${jump}`].filter(Boolean).join(", ")} }`;

/** The line that proves a member, in etcdctl's own words. */
export const healthLine = (address: string): RegExp =>
  new RegExp(
    `^https://${address.replaceAll(".", "\\.")}:2379 is healthy: successfully committed proposal: took = [\\d.]+(µs|ms|s)$`,
    "m",
  );

/** Everything that a command printed, for a failed claim's message. */
export const said = (ended: Ended): string => `exit ${ended.code}\n${ended.stdout}\n${ended.stderr}`;
