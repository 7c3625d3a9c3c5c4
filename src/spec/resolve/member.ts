/** One member, with every default filled in. */
import { join } from "node:path";
import type { HostSpec, MemberSpec, PathsSpec } from "../spec.js";
import type { ClusterFile } from "../shape/schema.js";
import { operatorPath, type Surroundings } from "../surroundings.js";
import { canonical, resolveEndpoint } from "./endpoint.js";
import type { MemberEntry } from "./entries.js";

/** Client ports of a local cluster's members; the peer port is the next one. */
export const localPorts = [2379, 22379, 32379, 42379, 52379, 62379, 12379] as const;

/**
 * Which of these ports each member has: by the number at the end of its name where every name ends in another one, so that
 * the others keep theirs when one leaves; else by its place in the file.
 */
export function localSlots(names: readonly string[]): number[] {
  const numbers = names.map((name) => Number(/(?<=\D)\d{1,2}$/.exec(name)?.[0] ?? "NaN") % localPorts.length);
  const distinct = new Set(numbers).size === names.length && numbers.every(Number.isInteger);
  return distinct ? numbers : names.map((_, index) => index);
}

/** @param slot of the usual ports, for a member of a local cluster */
export function resolveMember(
  file: ClusterFile,
  entry: MemberEntry,
  slot: number,
  stateDir: string,
  surroundings: Surroundings,
): MemberSpec {
  const local = file.hosts === "local";
  const address = canonical(entry.address ?? (local ? "127.0.0.1" : ""));
  const scheme = file.tls === "off" ? "http" : "https";
  const client = local ? (localPorts[slot] ?? 2379) : 2379;
  return {
    name: entry.name,
    address,
    client: resolveEndpoint(entry.client, { scheme, address, port: client, kind: "client" }),
    peer: resolveEndpoint(entry.peer, { scheme, address, port: client + 1, kind: "peer" }),
    host: local ? { kind: "local" } : resolveSsh({ ...file.ssh, ...entry.ssh }, address, surroundings),
    paths: local ? localPaths(file, entry, stateDir, surroundings) : remotePaths(file, entry),
  };
}

function resolveSsh(written: NonNullable<MemberEntry["ssh"]>, address: string, surroundings: Surroundings): HostSpec {
  const { host = address, user, port, identity, jump } = written;
  return {
    kind: "ssh",
    host,
    user,
    port: port === undefined ? undefined : Number(port),
    identity: identity === undefined ? undefined : operatorPath(surroundings, identity),
    jump,
    ports: written.ports ?? (jump === undefined ? "direct" : "tunnel"),
    become: written.become ?? ((user ?? surroundings.user) === "root" ? "none" : "sudo"),
  };
}

function remotePaths(file: ClusterFile, entry: MemberEntry): PathsSpec {
  const { data, wal, certificates, binaries, unit, state } = { ...file.paths, ...entry.paths };
  return {
    data: tidy(data ?? "/var/lib/etcd"),
    wal: wal === undefined ? undefined : tidy(wal),
    certificates: tidy(certificates ?? "/etc/etcd/ssl"),
    binaries: tidy(binaries ?? "/opt/etcd"),
    unit: tidy(unit ?? `/etc/systemd/system/${file.service?.unit ?? "etcd"}.service`),
    state: tidy(state ?? `/var/lib/quorate/${file.name}`),
  };
}

/** Everything of a local member in one folder of the operator's records; binaries are shared. */
function localPaths(file: ClusterFile, entry: MemberEntry, stateDir: string, surroundings: Surroundings): PathsSpec {
  const { data, wal, certificates, binaries, unit, state } = { ...file.paths, ...entry.paths };
  const own = join(stateDir, "members", entry.name);
  const given = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : operatorPath(surroundings, path);
  return {
    data: given(data) ?? join(own, "data"),
    wal: given(wal),
    certificates: given(certificates) ?? join(own, "certificates"),
    binaries: given(binaries) ?? join(stateDir, "bin"),
    unit: given(unit) ?? join(own, "run"),
    state: given(state) ?? join(own, "state"),
  };
}

/** Without a trailing slash; what is not absolute or has dots in it is kept for the rules to judge. */
const tidy = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, "") : path);
