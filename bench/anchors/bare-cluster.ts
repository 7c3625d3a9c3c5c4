/**
 * Real etcd processes on loopback with mutual TLS, started and stopped by nothing but spawn and signals: the floor of
 * what is done to a cluster of processes.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, closeSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../test/support/free-ports.js";
import { testAuthority } from "../../test/support/test-certificates.js";
import { timed } from "../measure.js";
import { untilPeerServes } from "./peer-port.js";
import { untilServing, type Identity } from "./raw-read.js";

export interface BareMember {
  readonly name: string;
  readonly peer: string;
  readonly client: string;
  readonly data: string;
}

export class BareCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
  readonly members: readonly BareMember[];
  /** Of a client that every member trusts. */
  readonly identity: Identity;
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly #etcd: string;
  readonly #children = new Map<string, ChildProcess>();

  private constructor(etcd: string, ports: readonly number[]) {
    this.#etcd = etcd;
    const authority = testAuthority(this.folder);
    const pair = authority.issue("member");
    this.identity = { ca: authority.ca, cert: pair.cert, key: pair.key };
    this.files = { ca: authority.caFile, cert: pair.certFile, key: pair.keyFile };
    const size = ports.length / 2;
    this.members = Array.from({ length: size }, (_, index) => ({
      name: `m${index + 1}`,
      peer: `https://127.0.0.1:${ports[index]}`,
      client: `https://127.0.0.1:${ports[size + index]}`,
      data: join(this.folder, `m${index + 1}`),
    }));
  }

  /** Not started. @param etcd path of the binary */
  static async of(etcd: string, size: number): Promise<BareCluster> {
    return new BareCluster(
      etcd,
      (await freePorts(2 * size)).sort((one, other) => one - other),
    );
  }

  /**
   * First start, in the best known order: the member with the lowest peer URL goes first; when its peer listener
   * answers, the rest follow at once.
   * @returns milliseconds from the first exec until every member has answered a linearizable read
   */
  form(): Promise<number> {
    const [first, ...rest] = this.members;
    if (first === undefined) throw new Error("a cluster has at least one member");
    return timed(async () => {
      this.exec(first);
      const serving = this.members.map((member) => this.serving(member));
      if (rest.length > 0) await untilPeerServes(first.peer, this.identity);
      for (const member of rest) this.exec(member);
      await Promise.all(serving);
    });
  }

  /** Starts a process and waits for nothing. */
  exec({ name, peer, client, data }: BareMember, state: "new" | "existing" = "new"): void {
    const cluster = this.members.map((member) => `${member.name}=${member.peer}`).join(",");
    const { ca, cert, key } = this.files;
    const files = { "cert-file": cert, "key-file": key, "trusted-ca-file": ca, "client-cert-auth": "true" };
    const secure = Object.entries(files).flatMap(([flag, value]) => [`--${flag}=${value}`, `--peer-${flag}=${value}`]);
    const log = openSync(join(this.folder, `${name}.log`), "a");
    const args = [
      `--name=${name}`, `--data-dir=${data}`, `--listen-peer-urls=${peer}`, `--listen-client-urls=${client}`,
      `--initial-advertise-peer-urls=${peer}`, `--advertise-client-urls=${client}`, `--initial-cluster=${cluster}`,
      `--initial-cluster-state=${state}`, "--initial-cluster-token=bench", ...secure,
    ]; // prettier-ignore
    this.#children.set(name, spawn(this.#etcd, args, { stdio: ["ignore", log, log] }));
    closeSync(log);
  }

  /** Resolves when the member has answered a linearizable read. */
  serving({ client }: BareMember): Promise<void> {
    return untilServing(client, this.identity);
  }

  /** Ends a process and waits until it has ended. */
  exit({ name }: BareMember, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#children.get(name);
    return new Promise((resolve) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill(signal);
    });
  }

  /** Processes, data and folder, all gone. */
  async remove(): Promise<void> {
    await Promise.all(this.members.map((member) => this.exit(member, "SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
