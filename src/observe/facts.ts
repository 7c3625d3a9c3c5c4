/**
 * What decisions need, and no more: plain values without secrets, serial numbers or sizes, so that two of them can be
 * compared. Observations are folded into facts, and every step of a plan says what it does to facts.
 */
import type { ListVerdict } from "../pki/authority.js";

export interface Facts {
  /** Cluster ID (hex) that a host, a member or the operator's records know of; "no" when nobody knows of any. */
  readonly formed: string;
  /** Alarms that are raised, as "NOSPACE b"; sorted. */
  readonly alarms: readonly string[];
  /** Line (MAJOR.MINOR) of a downgrade that etcd has been told to allow; "" when none. */
  readonly downgrade: string;
  /** CAs that the operator's records trust, as in Anchors, joined with "+"; absent without TLS. */
  readonly trusted?: string | undefined;
  /** CAs of which one signs now, in the same way. */
  readonly signing?: string | undefined;
  /** CAs of which all listeners have been seen, in this run, to accept certificates, and then to show them. */
  readonly accepted?: string | undefined;
  readonly shown?: string | undefined;
  /** Line (MAJOR.MINOR) for which the members in every v3 store have been compared, in this run, with the cluster's list. */
  readonly comparedFor?: string | undefined;
  /** Former members whose hosts the operator has given up in this run. */
  readonly forgotten?: readonly string[] | undefined;
  /** Members in whose data no keys of the v2 API have been found in this run. */
  readonly withoutV2?: readonly string[] | undefined;
  /** CAs that all members were seen, in this run, to be connected under, trusting nothing else. */
  readonly alone?: string | undefined;
  /** Labels of the snapshots that the operator's records have of this cluster, of the last hour. */
  readonly saved: readonly string[];
  /** Revision (decimal) before which every member is known to have forgotten history; left out when nobody has looked. */
  readonly compactedTo?: string | undefined;
  /** Members whose database files are known to hold next to nothing but what is in use; left out when nobody has looked. */
  readonly defragmented?: readonly string[] | undefined;
  /** Users and roles; absent when the file says nothing of them, or nobody could tell. */
  readonly auth?: AuthFacts | undefined;
  /** Wanted members, and those that only the operator's records or the cluster's own list know. */
  readonly members: Readonly<Record<string, MemberFacts>>;
}

export interface AuthFacts {
  /** Whom etcd takes quorate for. */
  readonly self: string;
  readonly enabled: "yes" | "no";
  /** What each role may do, as texts of grants, sorted. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly users: Readonly<Record<string, UserFacts>>;
}

export interface UserFacts {
  /** Sorted. */
  readonly roles: readonly string[];
  /** stale: not known to be what the file says; for users that the file names. */
  readonly password: "current" | "stale";
}

export type Tri = "yes" | "no" | "unknown";

export interface MemberFacts {
  /**
   * wanted: the file names it. former: quorate put it on a host and the file names it no longer. stranger: only the
   * cluster's list has it, so nothing is known of its host.
   */
  readonly place: "wanted" | "former" | "stranger";
  /** The host answers. When not, every other host fact is unknown. */
  readonly reach: Tri;
  /** GOARCH; "" when unknown. */
  readonly arch: string;
  readonly user: Tri;
  /** Path → "0700 etcd:etcd"; absent paths have no entry. */
  readonly directories: Readonly<Record<string, string>>;
  /** Version → "sealed", or "damaged" when files are not as their manifest says. Only versions asked for. */
  readonly releases: Readonly<Record<string, "sealed" | "damaged">>;
  /** outdated: of this cluster and for the keys that are there; new certificates for the same keys are all it takes. */
  readonly trust: "none" | "ok" | "renewal-due" | "outdated" | "wrong" | "unknown";
  /** CAs in the file of trusted ones on the host, joined with "+"; absent when nothing is known of them. */
  readonly roots?: string | undefined;
  /** Whether its certificates lead to the CA that is wanted, or to one before it; absent when nothing is known of them. */
  readonly issuer?: "wanted" | "former" | undefined;
  /** The list of revoked certificates on the host; absent when it has none, or nothing is known of it. */
  readonly list?: ListVerdict | undefined;
  /** Digest of the unit as it is on disk; "absent" or "unknown". */
  readonly unit: string;
  /** The supervisor starts the member at boot and has read the unit as it is. */
  readonly enabled: Tri;
  /** "up": it runs, whether it has found a quorum yet or not. */
  readonly process: "stopped" | "up" | "failed" | "unknown";
  /**
   * Digest of the configuration that the running process was started with; "" when it does not run. From the second CA on
   * ".A+B" follows, the CAs that it has read.
   */
  readonly config: string;
  /** Somebody else started it, or is to start it, and that was accepted as it was; none once quorate has. */
  readonly adopted?: Adopted | undefined;
  readonly data: "absent" | "ours" | "foreign" | "unknown";
  /** The host remembers that this member has had data of the cluster. */
  readonly mark: Tri;
  /** The peer listener answers /members. */
  readonly peer: Tri;
  /** The client API serves. */
  readonly serving: Tri;
  /** Exact version of etcd that serves; "" when unknown. */
  readonly version: string;
  /** Storage version, MAJOR.MINOR, which etcd tells from 3.6 on; "" when it does not. */
  readonly storage: string;
  /** It knows a leader, and has applied all but a few of the entries that the furthest member has. */
  readonly caughtUp: Tri;
  /** So much of its database file is free that it is worth a pause to give it back. */
  readonly fragmented?: Tri | undefined;
  /** Its database file is smaller than its quota. */
  readonly roomy?: Tri | undefined;
  /** A CORRUPT alarm, or a comparison of hashes, says that its data is not what the others have; left out when not. */
  readonly corrupt?: true | undefined;
  readonly leader: boolean;
  readonly learner: boolean;
  /** As the cluster's member list has it. */
  readonly listed: "started" | "unstarted" | "absent" | "unknown";
  /** Peer URL under which the cluster's list has it; "" when it has none. */
  readonly listedAt: string;
}

/** What stands for what quorate would have made itself, as long as nobody changes either. */
export interface Adopted {
  /** Digest of the unit file as it was; "absent" when there was none in quorate's place. */
  readonly unit: string;
  /** Digest of the configuration that the file asked for then. */
  readonly config: string;
}

/** What is known of the API of a member whose process has ended. */
export const silent = {
  serving: "no",
  caughtUp: "no",
  version: "",
  storage: "",
  leader: false,
  fragmented: "unknown",
  roomy: "unknown",
} as const;

/** The facts with one member's changed. */
export function withMember(facts: Facts, member: string, change: Partial<MemberFacts>): Facts {
  const before = facts.members[member];
  if (before === undefined) return facts;
  return { ...facts, members: { ...facts.members, [member]: { ...before, ...change } } };
}

/** Structural equality of plain JSON values, independent of key order; undefined is as good as no entry, as in JSON. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || (Array.isArray(a) && Array.isArray(b) && a.length !== b.length))
    return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return Object.keys({ ...left, ...right }).every((key) => equal(left[key], right[key]));
}
