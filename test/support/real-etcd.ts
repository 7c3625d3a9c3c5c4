/** Real etcd clusters on loopback for tests: free ports, mutual TLS or none, own folders, nothing left over. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { etcdFolder } from "./etcd-binaries.js";
import { freePorts } from "./free-ports.js";
import { httpStatus } from "./http-status.js";
import { memberAt, peerUrlOf, type Site } from "./real-etcd-site.js";
import type { RealMember } from "./real-member.js";
import { testAuthority, type PemPair, type TestAuthority } from "./test-certificates.js";

export interface RealEtcdOptions {
  readonly version: string;
  /** Number of members; 1 unless told. */
  readonly size?: number;
  /** Mutual TLS on both listeners; true unless told. */
  readonly tls?: boolean;
  /** --initial-cluster-token. */
  readonly token?: string;
  /** IP address or name in the URLs; 127.0.0.1 unless told. An IPv6 address without brackets. */
  readonly host?: string;
  /** Further etcd arguments for every member. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Start the processes and wait for them to serve; true unless told. */
  readonly start?: boolean;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RealEtcd {
  readonly version: string;
  readonly token: string;
  /** Its own folder; the test may put files there. */
  readonly folder: string;
  readonly members: readonly RealMember[];
  /** PEM texts of the CA and of a client pair; undefined without TLS. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
  readonly authority: TestAuthority | undefined;
  /** The files behind `tls`. */
  readonly client: PemPair | undefined;
  /** Resolves when every running member answers a linearizable read. @throws with the logs after 60 s. */
  ready(): Promise<void>;
  /**
   * One more member with an empty data directory, not started: add its peerUrl to the cluster first. It expects to find
   * all members that were ever made here.
   */
  newcomer(name: string): Promise<RealMember>;
  /** Runs the real etcdctl of the same version against these members, or against those given by --endpoints. */
  etcdctl(...args: string[]): Promise<CommandResult>;
  /** Ends every process and removes the folder. */
  remove(): Promise<void>;
}

export async function realEtcd(options: RealEtcdOptions): Promise<RealEtcd> {
  const { version, size = 1, tls = true, token = "test-token", host = "127.0.0.1", args = [], env = {} } = options;
  const binaries = etcdFolder(version);
  const folder = mkdtempSync(join(tmpdir(), "quorate-etcd-"));
  const authority = tls ? testAuthority(folder) : undefined;
  const client = authority?.issue("client");
  const pair = authority && { caFile: authority.caFile, pair: authority.issue("member") };
  const site: Site = { binaries, folder, token, host, tls: pair, args, env };
  const ports = await freePorts(2 * size);
  const places = Array.from({ length: size }, (_, index) => ({
    name: `m${index + 1}`,
    peerPort: ports[2 * index] ?? 0,
    clientPort: ports[2 * index + 1] ?? 0,
  }));
  const initialCluster = places.map((place) => `${place.name}=${peerUrlOf(site, place)}`);
  const members = places.map((place) => memberAt(site, place, initialCluster.join(","), "new"));

  const tlsTexts = client === undefined ? undefined : { ca: authority?.ca ?? "", cert: client.cert, key: client.key };
  const etcd: RealEtcd = {
    version,
    token,
    folder,
    members,
    tls: tlsTexts,
    authority,
    client,
    async ready() {
      const until = Date.now() + 60_000;
      for (const member of members.filter(({ pid }) => pid !== undefined)) {
        while ((await httpStatus(`${member.clientUrl}/health`, tlsTexts)) !== 200) {
          if (member.pid === undefined || Date.now() > until) {
            throw new Error(`${member.name} of etcd ${version} does not serve:\n${member.lastLog()}`);
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    },
    async newcomer(name) {
      const [peerPort = 0, clientPort = 0] = await freePorts(2);
      const place = { name, peerPort, clientPort };
      initialCluster.push(`${name}=${peerUrlOf(site, place)}`);
      const member = memberAt(site, place, initialCluster.join(","), "existing");
      members.push(member);
      return member;
    },
    etcdctl(...given) {
      const endpoints = given.some((arg) => arg.startsWith("--endpoints"))
        ? []
        : [`--endpoints=${members.map(({ clientUrl }) => clientUrl).join(",")}`];
      const files =
        client === undefined
          ? []
          : [`--cacert=${authority?.caFile}`, `--cert=${client.certFile}`, `--key=${client.keyFile}`];
      return run(join(binaries, "etcdctl"), [...endpoints, ...files, ...given]);
    },
    async remove() {
      await Promise.all(members.map((member) => member.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.start === false) return etcd;
  try {
    // Members that start at the same instant wait whole seconds for each other; see isMemberBootstrapped.
    const [first, ...rest] = members;
    first?.start();
    if (rest.length > 0) await new Promise((resolve) => setTimeout(resolve, 250));
    for (const member of rest) member.start();
    await etcd.ready();
  } catch (error) {
    await etcd.remove();
    throw error;
  }
  return etcd;
}

/** Runs a program to its end; a failing exit code is a value. */
function run(file: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { env: { PATH: "/usr/bin:/bin", ETCDCTL_API: "3" }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
