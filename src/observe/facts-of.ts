/** observation → facts. */
import type { HostObservation, Reachable } from "../host/host.js";
import type { Formed } from "../apply/ledger.js";
import { everyone, type MemberSpec, type Spec } from "../spec/spec.js";
import { digestOf } from "../plan/digest.js";
import { clusterIdOf, memberIdOf } from "../etcd/identity.js";
import type { Facts, MemberFacts } from "./facts.js";
import type { ListedMember } from "../etcd/cluster.js";
import { readListing, type Listing } from "./listing.js";
import type { EndpointObservation, Observation } from "./observation.js";
import { includesAll, joinRoots } from "./roots.js";
import { acceptedIn, readMark } from "./mark.js";
import { authFacts } from "./auth-facts.js";
import { isFragmented, isRoomy } from "./database.js";
import { caughtUp } from "./progress.js";
import { releasePath, trustPaths } from "./question.js";
import type { TrustVerdict } from "../pki/authority.js";

/** The cluster ID that etcd will derive from this spec at its first start. */
export function plannedClusterId(spec: Spec): string {
  return clusterIdOf(spec.members.map((member) => memberIdOf([member.peer.url], spec.token)));
}

/** @param saved labels of the snapshots that the operator's records have */
export function factsOf(
  spec: Spec,
  seen: Observation,
  versions: readonly string[],
  formed: Formed | undefined,
  saved: readonly string[] = [],
): Facts {
  const clusterId = liveClusterId(seen) ?? formed?.clusterId ?? markedClusterId(seen) ?? "no";
  const ours = clusterId === "no" ? plannedClusterId(spec) : clusterId;
  const listing = readListing(spec, seen);
  const scene: Scene = { spec, seen, versions, clusterId: ours, listing };
  const known = everyone(spec)
    .filter((member) => spec.members.includes(member) || isSomewhere(scene, member))
    .map((member) => [member.name, memberFacts(scene, member)] as const);
  const strangers = [...listing.strangers].map(
    ([name, entry]) => [name, strangerFacts(spec, seen, name, entry)] as const,
  );
  return {
    formed: clusterId,
    alarms: alarmsOf(spec, seen, listing),
    downgrade: downgradeOf(seen),
    ...anchorFacts(seen),
    saved,
    ...authFacts(spec, seen.auth, clusterId === "no"),
    members: Object.fromEntries([...known, ...strangers]),
  };
}

const anchorFacts = ({ anchors }: Observation): Pick<Facts, "trusted" | "signing"> =>
  anchors === undefined ? {} : { trusted: joinRoots(anchors.trusted), signing: joinRoots(anchors.signing) };

interface Scene {
  readonly spec: Spec;
  readonly seen: Observation;
  readonly versions: readonly string[];
  readonly clusterId: string;
  readonly listing: Listing;
}

/**
 * A former member whose host is clean, and that the cluster does not know, is history. As long as its host is away nobody
 * knows, and it may come back with everything that starts a member. What is another cluster's by now is none of ours.
 */
function isSomewhere({ spec, seen, listing, clusterId }: Scene, member: MemberSpec): boolean {
  const host = seen.hosts[member.name];
  if (listing.entries.has(member.name) || host?.reach !== "reachable") return true;
  if (isHomeOfAnother(spec, member, host, seen)) return false;
  if (host.data.kind === "member") return host.data.clusterId === clusterId;
  return host.texts[member.paths.unit] !== undefined && (readMark(host.mark)?.clusterId ?? clusterId) === clusterId;
}

/** A machine that was given another address or name in the file is still the same machine, and its member is wanted. */
const isHomeOfAnother = (spec: Spec, { paths }: MemberSpec, { machineId }: Reachable, seen: Observation): boolean =>
  spec.members.some((other) => {
    const host = seen.hosts[other.name];
    return host?.reach === "reachable" && host.machineId === machineId && other.paths.data === paths.data;
  });

function alarmsOf(spec: Spec, seen: Observation, { entries, strangers }: Listing): readonly string[] {
  const names = new Map([...entries, ...strangers].map(([name, { id }]) => [id, name]));
  const alarms = Object.values(seen.etcd).flatMap((endpoint) => (endpoint.state === "serving" ? endpoint.alarms : []));
  return [...new Set(alarms.map(({ kind, memberId }) => `${kind} ${names.get(memberId) ?? memberId}`))].sort();
}

function downgradeOf(seen: Observation): string {
  for (const endpoint of Object.values(seen.etcd))
    if (endpoint.state === "serving" && endpoint.status.downgradeTarget !== "") return endpoint.status.downgradeTarget;
  return "";
}

function strangerFacts(spec: Spec, seen: Observation, name: string, entry: ListedMember): MemberFacts {
  const endpoint = endpointFacts(spec, seen.etcd, seen.etcd[name]);
  const corrupt = isSuspect(seen, entry);
  return { place: "stranger", reach: "no", ...unknownHost, ...endpoint, ...listFacts(true, entry), corrupt };
}

/** What the members that serve call their cluster; undefined when none serves or they disagree. */
function liveClusterId(seen: Observation): string | undefined {
  const ids = new Set<string>();
  for (const endpoint of Object.values(seen.etcd)) if (endpoint.state === "serving") ids.add(endpoint.status.clusterId);
  return ids.size === 1 ? [...ids][0] : undefined;
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

function memberFacts(scene: Scene, member: MemberSpec): MemberFacts {
  const { spec, seen, listing } = scene;
  const host: HostObservation | undefined = seen.hosts[member.name];
  const hostFacts =
    host?.reach === "reachable"
      ? { reach: "yes" as const, ...reachableFacts(scene, member, host) }
      : { reach: "no" as const, ...unknownHost };
  return {
    place: spec.members.includes(member) ? "wanted" : "former",
    ...hostFacts,
    ...endpointFacts(spec, seen.etcd, seen.etcd[member.name]),
    ...listFacts(listing.known, listing.entries.get(member.name)),
    corrupt: isSuspect(seen, listing.entries.get(member.name)),
  };
}

type HostFacts = Pick<MemberFacts, keyof typeof unknownHost | "adopted" | "roots" | "issuer" | "list">;
type EndpointFacts = Pick<
  MemberFacts,
  "peer" | "serving" | "leader" | "learner" | "version" | "storage" | "caughtUp" | "fragmented" | "roomy"
>;

function reachableFacts(
  { spec, seen, versions, clusterId, listing }: Scene,
  member: MemberSpec,
  host: Reachable,
): HostFacts {
  const verdict = seen.trust[member.name];
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
    ...(verdict?.roots !== undefined && { roots: joinRoots(verdict.roots) }),
    ...(verdict?.issuers !== undefined && { issuer: issuerFact(verdict.issuers, seen) }),
    ...(seen.lists?.[member.name] !== undefined && { list: seen.lists[member.name] }),
    unit: unitText === undefined ? "absent" : digestOf(unitText),
    enabled: host.service.enabled && !host.service.needsReload ? "yes" : "no",
    process: up ? "up" : host.service.state === "failed" ? "failed" : "stopped",
    ...acceptedIn(readMark(host.mark), host.service, up),
    data: dataFact(host, up, clusterId, listing),
    mark: readMark(host.mark) === undefined ? "no" : "yes",
  };
}

const issuerFact = (issuers: readonly string[], { anchors }: Observation): "wanted" | "former" =>
  includesAll(anchors?.wanted ?? issuers, issuers) ? "wanted" : "former";

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
  // What cannot be made better here is told, and is nothing to plan for.
  return verdict.state === "renewal-due" && verdict.renewable === false ? "ok" : verdict.state;
}

/** Data of a member that the cluster has removed is of no use to it any more, and stands in the way of a new one. */
function dataFact({ data, service }: Reachable, up: boolean, clusterId: string, listing: Listing): MemberFacts["data"] {
  if (data.kind === "absent" || data.kind === "empty") return "absent";
  // A member that we have started makes folders first and its write-ahead log a little later.
  if (data.kind === "foreign" && up && service.config !== undefined) return "unknown";
  if (data.kind !== "member" || data.clusterId !== clusterId) return "foreign";
  return up || !listing.known || listing.ids.has(data.memberId) ? "ours" : "foreign";
}

function endpointFacts(spec: Spec, all: Observation["etcd"], own: EndpointObservation | undefined): EndpointFacts {
  const serving = own?.state === "serving" ? "yes" : own?.state === "silent" ? "no" : "unknown";
  const status = own?.state === "serving" ? own.status : undefined;
  return {
    peer: serving === "yes" ? "yes" : "unknown",
    serving,
    leader: status !== undefined && status.leaderId === status.memberId,
    learner: status?.isLearner ?? false,
    version: status?.version ?? "",
    storage: status?.storageVersion ?? "",
    caughtUp: caughtUp(own, all),
    fragmented: status === undefined ? "unknown" : isFragmented(spec, status),
    roomy: status === undefined ? "unknown" : isRoomy(spec, status),
  };
}

/** Whom a CORRUPT alarm means. */
const isSuspect = (seen: Observation, entry: ListedMember | undefined): true | undefined =>
  Object.values(seen.etcd).some(
    (endpoint) =>
      endpoint.state === "serving" &&
      endpoint.alarms.some(({ kind, memberId }) => kind === "CORRUPT" && memberId === entry?.id),
  ) || undefined;

/**
 * That a member has started shows only in the client URLs that it publishes (etcd decides by them too: server/etcdserver
 * isMemberBootstrapped). The list knows of a learner that does not answer, too.
 */
function listFacts(
  known: boolean,
  entry: ListedMember | undefined,
): Pick<MemberFacts, "listed" | "listedAt"> & { learner?: boolean } {
  if (!known) return { listed: "unknown", listedAt: "" };
  if (entry === undefined) return { listed: "absent", listedAt: "", learner: false };
  const listed = entry.clientUrls.length === 0 ? "unstarted" : "started";
  return { listed, listedAt: entry.peerUrls[0] ?? "", learner: entry.isLearner };
}
