/** The operator's own durable records of one cluster: what was formed, and the journal of every run. */
export interface Ledger {
  /** What this operator knows to have been formed; undefined when nothing. */
  formed(): Promise<Formed | undefined>;
  recordFormed(formed: Formed): Promise<void>;
  /** The version chosen when the spec names none. */
  chosenVersion(): Promise<string | undefined>;
  recordVersion(version: string): Promise<void>;
  /** Append one line to a run's journal and sync it. The first line of a run creates it. */
  append(run: string, line: string): Promise<void>;
  runs(): Promise<readonly string[]>;
  read(run: string): Promise<string>;
  /** Forget the cluster: what was formed, its version, its trust. The journals of its runs stay. */
  forget(): Promise<void>;
}

export interface Formed {
  readonly clusterId: string;
  /** ISO 8601. */
  readonly at: string;
}
