import type { MemberSpec } from "../spec/spec.js";

/** The operator's own durable records of one cluster: what was formed, and the journal of every run. */
export interface Ledger {
  /** What this operator knows to have been formed; undefined when nothing. */
  formed(): Promise<Formed | undefined>;
  recordFormed(formed: Formed): Promise<void>;
  /** The version chosen when the spec names none. */
  chosenVersion(): Promise<string | undefined>;
  recordVersion(version: string): Promise<void>;
  /** Every member that quorate has put on a host, as it was put there; those that have left and been cleared are gone. */
  roster(): Promise<readonly MemberSpec[]>;
  recordRoster(members: readonly MemberSpec[]): Promise<void>;
  /** Databases that were saved, oldest first. */
  snapshots(): Promise<readonly SavedSnapshot[]>;
  /** Keep a database under a label, whole or not at all. @throws what the stream throws, and E_JOURNAL when it cannot be written */
  saveSnapshot(label: string, stream: AsyncIterable<Uint8Array>): Promise<void>;
  /** Append lines to a run's journal and sync them. The first line of a run creates it. */
  append(run: string, lines: readonly string[]): Promise<void>;
  runs(): Promise<readonly string[]>;
  read(run: string): Promise<string>;
  /** Forget the cluster: what was formed, its version, its trust. The journals of its runs stay. */
  forget(): Promise<void>;
}

export interface SavedSnapshot {
  readonly label: string;
  /** Absolute path. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly size: number;
}

export interface Formed {
  readonly clusterId: string;
  /** Exact version that every member ran after the last run that ended well. */
  readonly version?: string;
  /** ISO 8601. */
  readonly at: string;
}
