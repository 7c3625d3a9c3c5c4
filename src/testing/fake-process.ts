/** Starting etcd on a fake machine: what the real one would find wrong, and who it turns out to be. */
import { dirname } from "node:path";
import { clusterIdOf, memberIdOf } from "../etcd/identity.js";
import type { FakeFiles } from "./fake-files.js";
import { readIdentity, writeIdentity, type FakeIdentity, type FakeVoter } from "./fake-identity.js";

export interface FakeProcess {
  readonly pid: number;
  readonly executable: string;
  /** Exact version of etcd; "" when it is something else. */
  readonly version: string;
  /** QUORATE_CONFIG of its environment. */
  readonly config: string | undefined;
  readonly name: string;
  readonly identity: FakeIdentity;
  /** What it advertises to clients. */
  readonly clientUrl: string;
  /** URLs that it listens on. */
  readonly listen: { readonly client: readonly string[]; readonly peer: readonly string[] };
  /** The CA that it read when it started; "" without TLS. */
  readonly ca: string;
  /** Fake clock, milliseconds. */
  readonly startedAt: number;
  /** True when it found no data and began as a new member. */
  readonly fresh: boolean;
  /** It began as a new member of a cluster that existed. */
  readonly joined: boolean;
}

/** What etcd printed before it ended. */
export class LaunchFailure extends Error {
  readonly log: readonly string[];

  constructor(...log: readonly string[]) {
    super(log.at(-1) ?? "etcd ended");
    this.log = log;
  }
}

export interface Launch {
  readonly files: FakeFiles;
  /** Text of the unit or run script. */
  readonly text: string;
  readonly user: string;
  readonly group: string;
  readonly pid: number;
  readonly now: number;
  /** IP addresses of the machine. */
  readonly addresses: readonly string[];
  readonly join: Join;
}

/** Asks the members of a cluster that exists who this one is to be. @throws LaunchFailure */
export type Join = (initial: readonly FakeVoter[], name: string) => FakeIdentity;

/** @throws LaunchFailure */
export function launch(launching: Launch): FakeProcess {
  const { files, text, user, group, pid, now } = launching;
  const executable = executableIn(text);
  const config = /QUORATE_CONFIG=["']?([0-9a-f.+]+)/.exec(text)?.[1];
  if (executable === undefined) return { ...nobody, pid, config, startedAt: now };
  if (files.read(executable) === undefined)
    throw new LaunchFailure(`Failed to execute ${executable}: No such file or directory`);
  if (files.stat(executable)?.mode !== "0755")
    throw new LaunchFailure(`Failed to execute ${executable}: Permission denied`);
  const flags = flagsIn(text);
  const flag = (name: string): string => flags.get(name) ?? "";
  const place = { data: flag("data-dir"), wal: flags.get("wal-dir") };
  for (const path of [place.data, ...(place.wal === undefined ? [] : [dirname(place.wal)])])
    checkFolder(files, path, user);
  const listen = { client: flag("listen-client-urls").split(","), peer: flag("listen-peer-urls").split(",") };
  for (const url of [...listen.peer, ...listen.client]) checkAddress(url, launching);
  const ca = flags.has("cert-file") ? readTrust(files, flag, user) : "";
  const found = readIdentity(files, place);
  const began = found === undefined ? bootstrap(launching, flag("name")) : { identity: found, joined: false };
  const { identity, joined } = began;
  if (found === undefined) writeIdentity(files, place, identity, { owner: user, group });
  return {
    pid,
    executable,
    version: /etcd-v([^/]+)\//.exec(executable)?.[1] ?? "",
    config,
    name: flag("name"),
    identity,
    clientUrl: flag("advertise-client-urls"),
    listen,
    ca,
    startedAt: now,
    fresh: found === undefined,
    joined,
  };
}

/** A program that is no etcd runs, and that is all. */
const nobody = {
  executable: "/usr/bin/sleep",
  version: "",
  name: "",
  identity: { clusterId: "", memberId: "", voters: [] },
  clientUrl: "",
  listen: { client: [], peer: [] },
  ca: "",
  fresh: false,
  joined: false,
};

function executableIn(text: string): string | undefined {
  const command = text.slice(Math.max(text.indexOf("ExecStart="), text.lastIndexOf("exec "), 0));
  return /(\/[^\s"']*\/etcd)(?=["'\s]|$)/.exec(command)?.[1];
}

function flagsIn(text: string): Map<string, string> {
  const found = text.matchAll(/--([a-z][a-z0-9-]*)=([^\s"']*)/g);
  return new Map([...found].map(([, name = "", value = ""]) => [name, value]));
}

function checkFolder(files: FakeFiles, path: string, user: string): void {
  if (!files.isFolder(path)) throw new LaunchFailure(`cannot access data directory: mkdir ${path}: permission denied`);
  const owner = files.stat(path)?.owner;
  if (owner !== user)
    throw new LaunchFailure(`cannot access data directory: ${path} belongs to ${owner}: permission denied`);
}

function checkAddress(url: string, { addresses }: Launch): void {
  const { hostname, host } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, "");
  if (address !== "0.0.0.0" && address !== "::" && !addresses.includes(address))
    throw new LaunchFailure(`listen tcp ${host}: bind: cannot assign requested address`);
}

/** etcd reads the pairs at every handshake and the CA once. */
function readTrust(files: FakeFiles, flag: (name: string) => string, user: string): string {
  for (const name of [
    "cert-file",
    "key-file",
    "peer-cert-file",
    "peer-key-file",
    "trusted-ca-file",
    "peer-trusted-ca-file",
  ]) {
    const path = flag(name);
    const node = files.read(path);
    if (node === undefined) throw new LaunchFailure(`open ${path}: no such file or directory`);
    if (name.endsWith("key-file") && ownerOf(files, path) !== user)
      throw new LaunchFailure(`open ${path}: permission denied`);
  }
  return files.text(flag("trusted-ca-file")) ?? "";
}

const ownerOf = (files: FakeFiles, path: string): string => files.stat(path)?.owner ?? "";

/** Without data, etcd becomes who its bootstrap settings say that it is, or who a cluster that exists takes it for. */
function bootstrap({ files, text, join }: Launch, name: string): { identity: FakeIdentity; joined: boolean } {
  const path = /([^\s"'=-][^\s"'=]*bootstrap\.env)/.exec(text)?.[1];
  const settings = new Map(
    (files.text(path ?? "/none") ?? "")
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const cluster = settings.get("ETCD_INITIAL_CLUSTER");
  const token = settings.get("ETCD_INITIAL_CLUSTER_TOKEN") ?? "etcd-cluster";
  if (cluster === undefined)
    throw new LaunchFailure(`couldn't find local name "${name}" in the initial cluster configuration`);
  const voters = cluster.split(",").map((entry): FakeVoter => {
    const at = entry.indexOf("=");
    const peerUrl = entry.slice(at + 1);
    return { name: entry.slice(0, at), peerUrl, id: memberIdOf([peerUrl], token) };
  });
  const self = voters.find((voter) => voter.name === name);
  if (self === undefined)
    throw new LaunchFailure(`couldn't find local name "${name}" in the initial cluster configuration`);
  if (settings.get("ETCD_INITIAL_CLUSTER_STATE") === "existing") return { identity: join(voters, name), joined: true };
  return { identity: { clusterId: clusterIdOf(voters.map(({ id }) => id)), memberId: self.id, voters }, joined: false };
}
