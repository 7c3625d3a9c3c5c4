/** observation → facts. */
import type { HostObservation, Reachable } from "../host/host.js";
import type { Formed } from "../apply/ledger.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { digestOf } from "../plan/digest.js";
import { clusterIdOf, memberIdOf } from "../etcd/identity.js";
import type { Facts, MemberFacts } from "./facts.js";
import type { EndpointObservation, Observation } from "./observation.js";
import { releasePath, trustPaths } from "./question.js";
import type { TrustVerdict } from "../pki/authority.js";

/** The cluster ID that etcd will derive from this spec at its first start. */
export function plannedClusterId(spec: Spec): string {
  return clusterIdOf(spec.members.map((member) => memberIdOf([member.peer.url], spec.token)));
}

export function factsOf(spec: Spec, seen: Observation, versions: readonly string[], formed: Formed | undefined): Facts {
  const clusterId = liveClusterId(seen) ?? formed?.clusterId ?? markedClusterId(seen) ?? "no";
  const ours = clusterId === "no" ? plannedClusterId(spec) : clusterId;
  return {
    formed: clusterId,
    members: Object.fromEntries(
      spec.members.map((member) => [member.name, memberFacts(spec, member, seen, versions, ours)]),
    ),
  };
}

/** What the members that serve call their cluster; undefined when none serves or they disagree. */
function liveClusterId(seen: Observation): string | undefined {
  const ids = new Set<string>();
  for (const endpoint of Object.values(seen.etcd)) if (endpoint.state === "serving") ids.add(endpoint.status.clusterId);
  return ids.size === 1 ? [...ids][0] : undefined;
}

export function readMark(text: string | undefined): { clusterId: string } | undefined {
  if (text === undefined) return undefined;
  try {
    const mark: unknown = JSON.parse(text);
    if (typeof mark === "object" && mark !== null && "clusterId" in mark && typeof mark.clusterId === "string")
      return { clusterId: mark.clusterId };
  } catch {
    // A torn mark says nothing; the write-ahead log is the stronger witness.
  }
  return undefined;
}

function markedClusterId(seen: Observation): string | undefined {
  for (const host of Object.values(seen.hosts)) {
    const mark = host.reach === "reachable" ? readMark(host.mark) : undefined;
    if (mark !== undefined) return mark.clusterId;
  }
  return undefined;
}

const unknownHost: Pick<
  MemberFacts,
  "arch" | "user" | "directories" | "releases" | "trust" | "unit" | "enabled" | "process" | "config" | "data" | "mark"
> = {
  arch: "",
  user: "unknown",
  directories: {},
  releases: {},
  trust: "unknown",
  unit: "unknown",
  enabled: "unknown",
  process: "unknown",
  config: "",
  data: "unknown",
  mark: "unknown",
};

function memberFacts(
  spec: Spec,
  member: MemberSpec,
  seen: Observation,
  versions: readonly string[],
  clusterId: string,
): MemberFacts {
  const host: HostObservation | undefined = seen.hosts[member.name];
  const hostFacts =
    host?.reach === "reachable"
      ? { reach: "yes" as const, ...reachableFacts(spec, member, host, versions, clusterId, seen.trust[member.name]) }
      : { reach: "no" as const, ...unknownHost };
  return { ...hostFacts, ...endpointFacts(member, seen.etcd, seen.etcd[member.name]) };
}

function reachableFacts(
  spec: Spec,
  member: MemberSpec,
  host: Reachable,
  versions: readonly string[],
  clusterId: string,
  verdict: TrustVerdict | undefined,
): Omit<MemberFacts, "reach" | "peer" | "serving" | "leader" | "learner" | "listed"> {
  const directories: Record<string, string> = {};
  for (const [path, stat] of Object.entries(host.stats)) {
    if (stat.kind === "dir") directories[path] = `${stat.mode} ${stat.owner}:${stat.group}`;
  }
  const releases: Record<string, "sealed" | "damaged"> = {};
  for (const version of versions) {
    const seal = host.releases[releasePath(member, version)];
    if (seal !== undefined) releases[version] = seal === "damaged" ? "damaged" : "sealed";
  }
  const unitText = host.texts[member.paths.unit];
  const up = host.service.state === "running" || host.service.state === "starting";
  return {
    arch: host.arch,
    user: host.userExists ? "yes" : "no",
    directories,
    releases,
    trust: spec.tls === undefined ? "none" : trustFact(spec, host, member, verdict),
    unit: unitText === undefined ? "absent" : digestOf(unitText),
    enabled: host.service.enabled && !host.service.needsReload ? "yes" : "no",
    process: up ? "up" : host.service.state === "failed" ? "failed" : "stopped",
    config: up ? (host.service.config ?? "") : "",
    data: dataFact(host, up, clusterId),
    mark: readMark(host.mark) === undefined ? "no" : "yes",
  };
}

function trustFact(
  spec: Spec,
  host: Reachable,
  member: MemberSpec,
  verdict: TrustVerdict | undefined,
): MemberFacts["trust"] {
  const keys = trustPaths(spec, member).keys.flatMap((path) => {
    const stat = host.stats[path];
    return stat === undefined ? [] : [stat];
  });
  if (verdict === undefined && keys.length === 0) return "none";
  if (verdict === undefined || keys.length < 2) return "wrong";
  if (keys.some((stat) => (Number.parseInt(stat.mode, 8) & 0o077) !== 0)) return "wrong";
  return verdict.state;
}

function dataFact({ data, service }: Reachable, up: boolean, clusterId: string): MemberFacts["data"] {
  if (data.kind === "absent" || data.kind === "empty") return "absent";
  // A member that we have started makes folders first and its write-ahead log a little later.
  if (data.kind === "foreign" && up && service.config !== undefined) return "unknown";
  return data.kind === "member" && data.clusterId === clusterId ? "ours" : "foreign";
}

function endpointFacts(
  member: MemberSpec,
  all: Observation["etcd"],
  own: EndpointObservation | undefined,
): Pick<MemberFacts, "peer" | "serving" | "leader" | "learner" | "listed"> {
  const serving = own === undefined || own.state === "not-asked" ? "unknown" : own.state === "serving" ? "yes" : "no";
  const listed = listedAs(member, all);
  return {
    peer: serving === "yes" ? "yes" : "unknown",
    serving,
    leader: own?.state === "serving" && own.status.leaderId === own.status.memberId,
    learner: own?.state === "serving" && own.status.isLearner,
    listed,
  };
}

/**
 * Found by peer URL: a member that was added has no name before it starts. One of a first start has its name from the
 * beginning; that it has started shows only in the client URLs that it publishes (etcd decides by them too:
 * server/etcdserver isMemberBootstrapped).
 */
function listedAs(member: MemberSpec, all: Observation["etcd"]): MemberFacts["listed"] {
  const listings = Object.values(all).flatMap((endpoint) =>
    endpoint.state === "serving" && endpoint.listing !== undefined ? [endpoint.listing] : [],
  );
  const listing = listings[0];
  if (listing === undefined) return "unknown";
  const entry = listing.members.find(
    (candidate) => candidate.peerUrls.includes(member.peer.url) || candidate.name === member.name,
  );
  if (entry === undefined) return "absent";
  return entry.clientUrls.length === 0 ? "unstarted" : "started";
}
