/** What a history comes to. Plain JSON. Times are milliseconds. */
export interface Verdict {
  /** Void: nothing is wrong, and too little happened for that to mean anything. */
  readonly outcome: "held" | "broken" | "void";
  /** Empty when it held. */
  readonly findings: readonly Finding[];
  readonly writes: number;
  readonly reads: number;
  readonly watchEvents: number;
  readonly keepAlives: number;
  /** Requests that a client gave up after all its attempts. */
  readonly failed: number;
  /** Acknowledged writes that are not there at the end. */
  readonly lost: number;
  /** Requests that needed more than one attempt. */
  readonly retried: number;
  readonly stall: Stall;
  readonly intervals: readonly IntervalFigures[];
  /** Undefined unless there was a control interval at least about as long as the change. */
  readonly comparison: Comparison | undefined;
}

export type FindingKind =
  | "failed-request"
  | "lost-write"
  | "foreign-value"
  | "written-twice"
  | "stale-read"
  | "disorder"
  | "revision-decreased"
  | "watch-lost"
  | "watch-twice"
  | "watch-disorder"
  | "watch-failed"
  | "lease-lost"
  | "unreadable"
  | "stalled"
  | "little-load";

export interface Finding {
  readonly kind: FindingKind;
  readonly count: number;
  /** The first few, in words. */
  readonly examples: readonly string[];
}

/** The longest time without an acknowledged write. */
export interface Stall {
  /** Of all writers together. */
  readonly longest: number;
  /** When it began, since the history began. */
  readonly at: number;
  /** Of the writer that waited longest for its own. */
  readonly writer: number;
}

export interface IntervalFigures {
  readonly name: string;
  /** In sum, when the name came more than once. */
  readonly length: number;
  readonly writes: number;
  readonly failed: number;
  readonly stall: Stall;
}

/** The change against an equally long control interval of the same history. */
export interface Comparison {
  readonly change: Stall;
  readonly control: Stall;
  /** Longest stall of all writers together: change ÷ control. */
  readonly ratio: number;
  /** The same for the writer that waited longest. */
  readonly writerRatio: number;
}

/** Names of the two intervals that are compared. */
export const changeName = "change";
export const controlName = "control";

export interface Limits {
  /** Requests that may fail. */
  readonly failed: number;
  /** Acknowledged writes that each writer, and reads that each reader, must have had. */
  readonly perClient: number;
  /** Acknowledged writes in each named interval. */
  readonly perInterval: number;
  /** The comparison's two ratios may not exceed it; without it a stall is told and not judged. */
  readonly stallRatio?: number | undefined;
}

export const defaultLimits: Limits = { failed: 0, perClient: 10, perInterval: 10 };
