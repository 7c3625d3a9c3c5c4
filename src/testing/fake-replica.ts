/** What the members of a fake cluster replicate: it lives as long as any machine has data of it. */
import type { Alarm } from "../etcd/cluster.js";
import { quorumOf } from "../observe/quorum.js";
import { versionParts } from "../plan/versions.js";
import type { FakeIdentity } from "./fake-identity.js";
import type { FakeProcess } from "./fake-process.js";

/** As the cluster's member list has it. */
export interface FakeEntry {
  readonly id: string;
  /** "" until it has started, unless the first start named it. */
  name: string;
  peerUrl: string;
  /** What it has published; undefined until it first serves. */
  clientUrl: string | undefined;
  learner: boolean;
}

export interface FakeReplica {
  readonly id: string;
  /** By ID. */
  readonly members: Map<string, FakeEntry>;
  /** When each running process serves; kept while it runs, with a quorum or without. */
  readonly servesFrom: Map<FakeProcess, number>;
  /** Processes of members that are no more, and when they end. */
  readonly endsAt: Map<FakeProcess, number>;
  leader: FakeProcess | undefined;
  term: number;
  /** Entries of the log; a member's lag is taken from it. */
  index: number;
  /** Cluster version, MAJOR.MINOR; "" until everybody has told theirs. */
  line: string;
  /** Line of a downgrade that is allowed, and since when. */
  downgrade: { readonly line: string; readonly since: number } | undefined;
  alarms: readonly Alarm[];
  revision: number;
  compacted: number;
}

/** A log long enough that a member can lag behind by much. */
const firstIndex = 20_000;

export function newReplica({ clusterId, voters }: FakeIdentity): FakeReplica {
  return {
    id: clusterId,
    members: new Map(
      voters.map(({ id, name, peerUrl }) => [id, { id, name, peerUrl, clientUrl: undefined, learner: false }]),
    ),
    servesFrom: new Map(),
    endsAt: new Map(),
    leader: undefined,
    term: 1,
    index: firstIndex,
    line: "",
    downgrade: undefined,
    alarms: [],
    revision: 1,
    compacted: 0,
  };
}

export const votersOf = ({ members }: FakeReplica): FakeEntry[] =>
  [...members.values()].filter(({ learner }) => !learner);

export const lineOf = (version: string): string => version.split(".").slice(0, 2).join(".");

const minor = (line: string): number => versionParts(`${line}.0`)[1];

/** Others find a member where the list says that it listens. */
export function isInTouch({ members }: FakeReplica, { identity, listen }: FakeProcess): boolean {
  const entry = members.get(identity.memberId);
  return entry !== undefined && listen.peer.includes(entry.peerUrl);
}

/** Running voters that the others can reach. */
export const voicesOf = (replica: FakeReplica): FakeProcess[] =>
  [...replica.servesFrom.keys()].filter(
    (process) => isInTouch(replica, process) && replica.members.get(process.identity.memberId)?.learner === false,
  );

export const hasQuorum = (replica: FakeReplica): boolean =>
  voicesOf(replica).length >= quorumOf(votersOf(replica).length) && votersOf(replica).length > 0;

/** What a binary of this version says of the data and the cluster that it finds; undefined when it is content. */
export function versionRefusal({ line, downgrade }: FakeReplica, version: string): string | undefined {
  const own = lineOf(version);
  if (line === "" || own === line || own === downgrade?.line) return undefined;
  if (minor(own) < minor(line))
    return `cluster cannot be downgraded (current version: ${version} is lower than determined cluster version: ${line})`;
  return minor(own) > minor(line) + 1 ? `storage of ${line} cannot be read by ${version}` : undefined;
}

/** The cluster has the version of its oldest member, and goes back only when that was allowed. */
export function settleLine(replica: FakeReplica): void {
  const processes = [...replica.members.keys()].map((id) =>
    [...replica.servesFrom.keys()].find(({ identity }) => identity.memberId === id),
  );
  const lines = processes.map((process) => (process === undefined ? "" : lineOf(process.version)));
  if (lines.length === 0 || lines.includes("")) return;
  const oldest = lines.reduce((low, line) => (minor(line) < minor(low) ? line : low));
  const { downgrade, line } = replica;
  if (downgrade !== undefined) {
    if (lines.some((other) => other !== downgrade.line)) return;
    replica.line = downgrade.line;
    replica.downgrade = undefined;
  } else if (line === "" || minor(oldest) > minor(line)) replica.line = oldest;
}

/** Milliseconds until every member has rewritten its storage as an older line reads it. */
const rewriting = 2_000;

/** MAJOR.MINOR, which etcd tells from 3.6 on. */
export function storageOf({ line, downgrade }: FakeReplica, version: string, now: number): string {
  if (version === "" || minor(lineOf(version)) < 6) return "";
  return downgrade !== undefined && now >= downgrade.since + rewriting ? downgrade.line : line;
}
