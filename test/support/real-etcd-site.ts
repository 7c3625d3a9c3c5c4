/** What all members of one test cluster share, and how one of them is started. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RealMember } from "./real-member.js";
import type { PemPair } from "./test-certificates.js";

export interface Site {
  readonly binaries: string;
  readonly folder: string;
  readonly token: string;
  /** IP address or name, without brackets. */
  readonly host: string;
  /** undefined: plaintext. */
  readonly tls: { readonly caFile: string; readonly pair: PemPair } | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Place {
  readonly name: string;
  readonly peerPort: number;
  readonly clientPort: number;
}

function urlOf(site: Site, port: number, host = site.host): string {
  return `${site.tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

export function peerUrlOf(site: Site, place: Place): string {
  return urlOf(site, place.peerPort);
}

/** Not started yet. @param initialCluster every member of the first start, or of the cluster that is joined */
export function memberAt(site: Site, place: Place, initialCluster: string, state: "new" | "existing"): RealMember {
  const { name, peerPort, clientPort } = place;
  const dataDir = join(site.folder, name);
  mkdirSync(dataDir, { mode: 0o700 });
  // etcd binds IP addresses only, localhost excepted.
  const bind = site.host === "localhost" ? "127.0.0.1" : site.host;
  const [peerUrl, clientUrl] = [urlOf(site, peerPort), urlOf(site, clientPort)];
  return new RealMember({
    name,
    binary: join(site.binaries, "etcd"),
    env: site.env,
    clientUrl,
    peerUrl,
    dataDir,
    logFile: join(site.folder, `${name}.log`),
    args: [
      `--name=${name}`,
      `--data-dir=${dataDir}`,
      `--listen-peer-urls=${urlOf(site, peerPort, bind)}`,
      `--listen-client-urls=${urlOf(site, clientPort, bind)}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--initial-cluster=${initialCluster}`,
      `--initial-cluster-token=${site.token}`,
      `--initial-cluster-state=${state}`,
      "--logger=zap",
      "--log-outputs=stderr",
      ...tlsArguments(site),
      ...site.args,
    ],
  });
}

function tlsArguments({ tls }: Site): string[] {
  if (tls === undefined) return [];
  const { certFile, keyFile } = tls.pair;
  const both = [
    `trusted-ca-file=${tls.caFile}`,
    `cert-file=${certFile}`,
    `key-file=${keyFile}`,
    "client-cert-auth=true",
  ];
  return [...both.map((flag) => `--${flag}`), ...both.map((flag) => `--peer-${flag}`)];
}
