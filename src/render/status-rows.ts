/** An observation → how the cluster is at a glance, as values. */
import { isFragmented, quotaOf } from "../observe/database.js";
import type { Observation } from "../observe/observation.js";
import type { ListVerdict } from "../pki/authority.js";
import type { MemberSpec, Spec } from "../spec/spec.js";

export interface StatusRow {
  readonly member: string;
  readonly url: string;
  /** "silent": its client API does not answer. "unknown": there is nothing to ask it with, or it does not tell this user. */
  readonly role: "leader" | "follower" | "learner" | "silent" | "unknown";
  readonly why: string | undefined;
  readonly memberId: string | undefined;
  readonly version: string | undefined;
  readonly dbSize: bigint | undefined;
  readonly dbSizeInUse: bigint | undefined;
  /** Bytes that the database file may have; undefined when it is not known or without limit. */
  readonly dbSizeQuota: bigint | undefined;
  /** So much of the file is free that `quorate defrag` would give it back. */
  readonly fragmented: boolean;
  readonly revision: bigint | undefined;
  readonly raftTerm: bigint | undefined;
  readonly raftIndex: bigint | undefined;
  /** Entries that it has yet to apply, against the newest that any member knows. */
  readonly lag: bigint | undefined;
  readonly rttMilliseconds: number | undefined;
  readonly alarms: readonly string[];
  /** Of its certificates: the earliest end, ISO 8601, and what is wrong with them. */
  readonly certificate:
    | { readonly state: string; readonly notAfter: string | undefined; readonly reasons: readonly string[] }
    | undefined;
  /** The list of revoked certificates on its host; "missing" where one is due, undefined where none is. */
  readonly revocations: ListVerdict | "missing" | undefined;
  /** State of its systemd unit or process. */
  readonly unit: { readonly state: string; readonly enabled: boolean; readonly restarts: number } | undefined;
  /** Why its host could not be looked at. */
  readonly host: string | undefined;
}

export function statusRows(spec: Spec, seen: Observation): StatusRow[] {
  const newest = Object.values(seen.etcd).reduce((most, endpoint) => {
    return endpoint.state === "serving" && endpoint.status.raftIndex > most ? endpoint.status.raftIndex : most;
  }, 0n);
  return spec.members.map((member) => ({ ...endpointPart(spec, member, seen, newest), ...hostPart(member, seen) }));
}

function endpointPart(
  spec: Spec,
  member: MemberSpec,
  seen: Observation,
  newest: bigint,
): Omit<StatusRow, keyof HostPart> {
  const endpoint = seen.etcd[member.name];
  const named = { member: member.name, url: member.client.url };
  if (endpoint?.state !== "serving") {
    const why =
      endpoint === undefined || endpoint.state === "not-asked"
        ? "there is no client certificate yet to ask with"
        : endpoint.why;
    return {
      ...named,
      ...nothing,
      role: endpoint?.state === "silent" ? "silent" : "unknown",
      why,
    };
  }
  const { status, alarms } = endpoint;
  return {
    ...named,
    role: status.isLearner ? "learner" : status.leaderId === status.memberId ? "leader" : "follower",
    why: undefined,
    memberId: status.memberId,
    version: status.version,
    dbSize: status.dbSize,
    dbSizeInUse: status.dbSizeInUse,
    dbSizeQuota: quotaOf(spec, status),
    fragmented: isFragmented(spec, status) === "yes",
    revision: status.revision,
    raftTerm: status.raftTerm,
    raftIndex: status.raftIndex,
    lag: newest - status.raftAppliedIndex,
    rttMilliseconds: status.tookMilliseconds,
    alarms: alarms.filter(({ memberId }) => memberId === status.memberId || memberId === "0").map(({ kind }) => kind),
  };
}

const nothing = {
  ...{ dbSizeQuota: undefined, fragmented: false },
  ...{ memberId: undefined, version: undefined, dbSize: undefined, dbSizeInUse: undefined, revision: undefined },
  ...{ raftTerm: undefined, raftIndex: undefined, lag: undefined, rttMilliseconds: undefined, alarms: [] },
};

type HostPart = Pick<StatusRow, "certificate" | "revocations" | "unit" | "host">;

function hostPart(member: MemberSpec, seen: Observation): HostPart {
  const host = seen.hosts[member.name];
  const verdict = seen.trust[member.name];
  return {
    certificate:
      verdict === undefined
        ? undefined
        : { state: verdict.state, notAfter: verdict.notAfter, reasons: verdict.reasons },
    revocations: seen.lists?.[member.name] ?? (seen.revokes === true && verdict !== undefined ? "missing" : undefined),
    unit:
      host?.reach === "reachable"
        ? { state: host.service.state, enabled: host.service.enabled, restarts: host.service.restarts }
        : undefined,
    host: host?.reach === "unreachable" ? host.error.message : undefined,
  };
}
