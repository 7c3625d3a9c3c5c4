/**
 * What advice is given on: a cluster at one instant, whoever built it. Everything may be unknown (undefined), and what is
 * unknown is never found fault with.
 */
export interface AdvisedCluster {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly members: readonly AdvisedMember[];
  /** The member list of the member that is furthest; undefined: none told it. */
  readonly listed: readonly AdvisedListing[] | undefined;
}

export interface AdvisedMember {
  readonly name: string;
  /** "unknown": there is nothing to ask its client API with. */
  readonly api: "serving" | "silent" | "unknown";
  /** Why it is silent, or does not tell. */
  readonly silence?: string | undefined;
  readonly status?: AdvisedStatus | undefined;
  /** NOSPACE, CORRUPT, …; its own only. */
  readonly alarms: readonly string[];
  /** Every flag in force, by name without dashes, as etcd reads it, from wherever it was given. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** It runs with what the cluster file asks for; undefined: unknown, or there is no file. */
  readonly asAsked?: boolean | undefined;
  /** GOARCH. */
  readonly arch?: string | undefined;
  /** Why its host could not be looked at. */
  readonly hostAway?: string | undefined;
  readonly machineId?: string | undefined;
  /** Host clock minus ours, milliseconds. */
  readonly clockSkew?: number | undefined;
  readonly trust?: AdvisedTrust | undefined;
  readonly unit?: AdvisedUnit | undefined;
  readonly files: readonly AdvisedFile[];
  /** Slowest round trip to another member, milliseconds. */
  readonly peerRoundTrip?: number | undefined;
}

export interface AdvisedStatus {
  readonly version: string;
  readonly clusterId: string;
  readonly memberId: string;
  /** "0": it knows of none. */
  readonly leaderId: string;
  readonly isLearner: boolean;
  readonly raftIndex: bigint;
  readonly raftAppliedIndex: bigint;
  /** Bytes. */
  readonly dbSize: bigint;
  readonly dbSizeInUse: bigint;
  /** 0n: it does not tell. */
  readonly dbSizeQuota: bigint;
  /** Line (MAJOR.MINOR) of a downgrade that was allowed and has not ended; "" or left out: none. */
  readonly downgradeTarget?: string | undefined;
  /** As the member itself words them. */
  readonly errors: readonly string[];
}

export interface AdvisedListing {
  readonly id: string;
  readonly name: string;
  readonly isLearner: boolean;
  readonly started: boolean;
}

export interface AdvisedTrust {
  readonly state: "ok" | "outdated" | "renewal-due" | "wrong";
  /** Until the first of its certificates ends; negative: that long ago. */
  readonly daysLeft: number | undefined;
  readonly reasons: readonly string[];
}

export interface AdvisedUnit {
  readonly kind: "systemd" | "process";
  readonly enabled: boolean;
  /** How often its supervisor has started it again. */
  readonly restarts: number;
  readonly needsReload: boolean;
  /** systemd's Restart=; undefined: unknown. */
  readonly restart?: string | undefined;
  /** systemd's Type=. */
  readonly type?: string | undefined;
  readonly user?: string | undefined;
  /** LimitNOFILE. */
  readonly openFiles?: number | undefined;
}

export interface AdvisedFile {
  readonly what: "data folder" | "private key";
  readonly path: string;
  /** Four octal digits. */
  readonly mode: string;
}
