/** The form of an entry in the table of hazards. Data only: what is done about one is decided by who plans. */

/** What somebody is about to do. "run": nothing; the cluster goes on as it is. */
export type Trigger =
  | "create"
  | "run"
  | "patch"
  | "upgrade"
  | "downgrade"
  | "add-member"
  | "promote-member"
  | "update-member"
  | "force-new-cluster"
  | "defragment"
  | "snapshot"
  | "restore"
  | "free-space"
  | "rotate-ca";

/** From the first version meant to the first no longer meant; left out: from the beginning, to the end. */
export interface Range {
  readonly from?: string;
  readonly below?: string;
}

/** Where it can be seen whether the hazard is there. */
export type Detection =
  | "versions"
  | "settings"
  | "status"
  | "member-list"
  | "alarms"
  | "auth"
  | "certificates"
  | "data-folder"
  | "order-of-steps";

export interface Hazard {
  /** Stable; what `etcd.accept` names. */
  readonly id: string;
  readonly triggers: readonly Trigger[];
  /** The version itself: the one that is moved to or created, or else one that a member runs. Any of the ranges. */
  readonly version?: readonly Range[];
  /** A version that a member runs now. Any member, any of the ranges. */
  readonly running?: readonly Range[];
  /** The version that is moved to. */
  readonly target?: readonly Range[];
  /** GOARCH; left out: all. */
  readonly arch?: readonly string[];
  /**
   * skips-a-line: target and lowest running version are more than one minor apart. mixed: members run different lines.
   * too-mixed: lines that are more than one minor apart. newer-than-cluster: target above the highest running version.
   */
  readonly shape?: "skips-a-line" | "mixed" | "too-mixed" | "newer-than-cluster";
  /** refuse: not done. warn: told. check: look first, as `detection` says, and refuse when the hazard is there. */
  readonly severity: "refuse" | "warn" | "check";
  /** The operator may accept it by name and go on. */
  readonly acceptable?: true;
  readonly detectedBy: Detection;
  readonly detection: string;
  /** What happens, in a user's words. */
  readonly text: string;
  /** What to do. */
  readonly next: string;
  /** Where it can be looked up. */
  readonly source: string;
}
