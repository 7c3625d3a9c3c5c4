/**
 * etcd's API, endpoint by endpoint. One connection per member, never a retry behind the caller's back, every 64-bit
 * number exact. The real one speaks gRPC over mutual TLS; testing/ has a fake; both pass the same contract suite.
 */
import type { Grant } from "../spec/grant.js";

export interface Cluster {
  /** The client API of the member that serves this URL. Connects on first use. */
  member(clientUrl: string): Member;
  /** Has at hand what the first question to a member would have to wait for. Asks nobody. @throws what making a client certificate throws */
  ready?(): Promise<void>;
  /** The same member without TLS, when the cluster is on its way there and may still serve so. */
  plaintext?(clientUrl: string): Member | undefined;
  /** Whether the peer listener serves: GET /members answers 200 (etcdhttp/peer.go). Never throws. */
  peerServes(peerUrl: string, deadline: number): Promise<boolean>;
  /** IDs of the peers that the member at this client URL is connected to; undefined when it does not tell. Never throws. */
  activePeers(clientUrl: string, deadline: number): Promise<readonly string[] | undefined>;
  close(): Promise<void>;
}

/** Deadlines are milliseconds from now. Calls reject with EtcdError. IDs are lower-case hex without leading zeros. */
export interface Member {
  /** Waits for a connection, which a call may have begun. @throws EtcdError with `sent` false */
  reach(deadline: number): Promise<void>;
  /**
   * A linearizable read of the key "health": what `etcdctl endpoint health` calls a committed proposal. The time is
   * that of the read alone; connecting, where that is needed first, counts against the deadline only.
   */
  proveQuorum(deadline: number): Promise<{ tookMilliseconds: number }>;
  status(deadline: number): Promise<MemberStatus>;
  memberList(deadline: number, linearizable?: boolean): Promise<MemberListing>;
  alarms(deadline: number): Promise<readonly Alarm[]>;
  moveLeader(toMemberId: string, deadline: number): Promise<void>;
  /** A change of members, asked of this member: each is one raft entry, and rejects with etcd's own refusal. */
  addLearner(peerUrl: string, deadline: number): Promise<void>;
  promoteMember(memberId: string, deadline: number): Promise<void>;
  removeMember(memberId: string, deadline: number): Promise<void>;
  updateMember(memberId: string, peerUrl: string, deadline: number): Promise<void>;
  /** 3.6+: allow members to go back to a line (MAJOR.MINOR), or stop allowing it. */
  downgrade(action: "validate" | "enable" | "cancel", line: string, deadline: number): Promise<void>;
  /** Blocks this member while its database is rewritten. */
  defragment(deadline: number): Promise<void>;
  /** Hash of all keys up to a revision (0n: the newest). */
  hashKv(revision: bigint, deadline: number): Promise<KvHash>;
  /** Forget superseded revisions up to this one, on all members; returns when this member has done so physically. */
  compact(revision: bigint, deadline: number): Promise<void>;
  /** Whether nothing from before this revision can be read at this member any more. */
  isCompacted(revision: bigint, deadline: number): Promise<boolean>;
  disarm(alarm: Alarm, deadline: number): Promise<void>;
  /** Users and roles. */
  readonly auth: MemberAuth;
  /** The database as a stream ending in its own SHA-256, which is checked. Ends with the signal. */
  snapshot(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Whom this member's v3 store has as members, whatever the member list says: read out of a snapshot, all of which goes
   * over the wire and none of which is kept. @throws RangeError when that is no database of etcd
   */
  storedMembers(signal?: AbortSignal): Promise<StoredMembers>;
}

/** IDs as everywhere: lower-case hex without leading zeros. */
export interface StoredMembers {
  readonly members: readonly { readonly id: string; readonly isLearner: boolean }[];
  /** Struck off: whoever has such an ID is turned away by etcd 3.6 and later. */
  readonly removed: readonly string[];
}

/** As much of a cluster, and of a member, as proving health takes. */
export interface HealthCluster {
  member(clientUrl: string): HealthMember;
}

export type HealthMember = Pick<Member, "reach" | "proveQuorum" | "status" | "alarms">;

/** Every call is agreed on by the cluster, the questions too. With auth on, it takes a user with the role root. */
export interface MemberAuth {
  /** Whether it is asked who somebody is. */
  isEnabled(deadline: number): Promise<boolean>;
  roles(deadline: number): Promise<readonly string[]>;
  /** What a role may do; nothing for root, which may do everything. */
  grants(role: string, deadline: number): Promise<readonly Grant[]>;
  users(deadline: number): Promise<readonly string[]>;
  /** Roles of a user. */
  rolesOf(user: string, deadline: number): Promise<readonly string[]>;
  /** One change, or one question about a password. */
  change(change: AuthChange, deadline: number): Promise<void>;
}

export type AuthChange =
  | { readonly what: "add-role" | "drop-role"; readonly role: string }
  /** A grant for keys that a role has another one for takes its place. */
  | { readonly what: "grant" | "revoke"; readonly role: string; readonly grant: Grant }
  /** password undefined: it comes with a certificate of its name only, and never has one. */
  | { readonly what: "add-user"; readonly user: string; readonly password: string | undefined }
  | { readonly what: "drop-user"; readonly user: string }
  | { readonly what: "give-role" | "take-role"; readonly user: string; readonly role: string }
  /** authenticate: changes nothing, and rejects when it is another one; only with auth on. */
  | { readonly what: "set-password" | "authenticate"; readonly user: string; readonly password: string }
  | { readonly what: "enable" | "disable" };

export interface KvHash {
  readonly hash: number;
  /** Revision that the hash is for; 0n below 3.6, which does not say. */
  readonly revision: bigint;
  readonly compactRevision: bigint;
}

export interface MemberStatus {
  readonly clusterId: string;
  readonly memberId: string;
  readonly version: string;
  readonly dbSize: bigint;
  readonly dbSizeInUse: bigint;
  /** 3.6+; 0n when the server does not say. */
  readonly dbSizeQuota: bigint;
  /** "0" when it knows no leader. */
  readonly leaderId: string;
  readonly raftTerm: bigint;
  readonly raftIndex: bigint;
  readonly raftAppliedIndex: bigint;
  readonly revision: bigint;
  readonly isLearner: boolean;
  readonly errors: readonly string[];
  readonly storageVersion: string;
  /** 3.6+: MAJOR.MINOR of a downgrade that is under way; "" when none is. */
  readonly downgradeTarget: string;
  /** From the request to the answer, without the making of a connection. */
  readonly tookMilliseconds: number;
}

export interface MemberListing {
  readonly clusterId: string;
  readonly members: readonly ListedMember[];
}

export interface ListedMember {
  readonly id: string;
  /** Empty: added but never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface Alarm {
  readonly memberId: string;
  readonly kind: "NOSPACE" | "CORRUPT" | "UNKNOWN";
}

/** What a call failed with. `kind` is decided by status code or system error, never by text. */
export class EtcdError extends Error {
  readonly kind: "unreachable" | "refused" | "tls" | "deadline" | "status";
  /** gRPC status code number when kind is "status". */
  readonly status: number | undefined;
  /** False only when the request provably never left: then nothing of it can have been applied. */
  readonly sent: boolean;

  constructor(kind: EtcdError["kind"], message: string, status?: number, cause?: unknown, sent = true) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "EtcdError";
    this.kind = kind;
    this.status = status;
    this.sent = sent;
  }
}
