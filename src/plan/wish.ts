/** What a rule sees. */
import type { Facts } from "../observe/facts.js";
import type { Anchors } from "../pki/authority.js";
import type { Spec } from "../spec/spec.js";
import type { Step } from "../steps/kinds.js";
import type { Goal } from "./plan.js";
import type { Upkeep } from "./upkeep.js";

export interface Wish {
  readonly spec: Spec;
  readonly goal: Goal;
  readonly version: string;
  readonly clusterId: string;
  /** Members whose data in the way the operator has told us to move aside. */
  readonly moveAside: readonly string[];
  /** Versions to pass through, the last being the one wanted; one when nothing lies between. */
  readonly hops: readonly string[];
  /** What a formed cluster runs, as the operator's records have it, for when no member can tell. */
  readonly from: string | undefined;
  /** Strangers, by name, that the operator has told us to remove. */
  readonly remove: readonly string[];
  /** Members may be restarted although nothing is served meanwhile. */
  readonly downtime: boolean;
  /** The CAs there are; absent without TLS. */
  readonly anchors?: Anchors | undefined;
  /** An old CA may be dropped although clients are known to hold certificates of it. */
  readonly dropOldCa?: boolean;
  /** Clients are no longer served without TLS, on a cluster that comes from plaintext. */
  readonly closePlaintext?: boolean;
  /** Members whose certificates are renewed, when that is the goal; all unless told. */
  readonly only?: readonly string[] | undefined;
  /** Suffix for what is moved aside, for example "2026-11-22T10-00-00Z". */
  readonly stamp: string;
  /** For goals that look after the database. */
  readonly upkeep?: Upkeep | undefined;
}

export interface WantedStage {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** Speaks when it wants something of the projected facts. */
export type Rule = (wish: Wish, now: Facts) => WantedStage | undefined;
