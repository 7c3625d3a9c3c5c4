/**
 * What clients did to a cluster and what they got back: plain JSON, so that it can be written down and judged again
 * later. Times are milliseconds since the history began. Revisions are etcd's, as numbers: exact up to 2^53.
 */
export interface History {
  readonly format: 1;
  /** ISO 8601, UTC: the instant that all times count from. */
  readonly startedAt: string;
  /** When the clients were told to end; what was under way then may have ended later. */
  readonly endedAt: number;
  readonly prefix: string;
  /** Names of those that took part: what each of them did is found by its name. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** What the keys were given before the first operation. */
  readonly initial: readonly Stored[];
  readonly writes: readonly Write[];
  readonly reads: readonly Read[];
  readonly watches: readonly WatchRecord[];
  readonly leases: readonly LeaseRecord[];
  /** All keys under the prefix, read linearizably when everybody had ended; undefined when that could not be read. */
  readonly final: readonly Stored[] | undefined;
  readonly intervals: readonly Interval[];
  /** The limit of operations was reached, and the clients stopped early. */
  readonly full: boolean;
}

/** A key as etcd has it. */
export interface Stored {
  readonly key: string;
  readonly value: string;
  readonly revision: number;
  /** How often the key was written since it was created. */
  readonly version: number;
}

/** One attempt that did not succeed. */
export interface Retry {
  readonly via: string;
  /** When it was given up. */
  readonly at: number;
  readonly why: string;
}

interface Operation {
  readonly client: string;
  readonly invoked: number;
  readonly returned: number;
  /** URL of the endpoint that answered; undefined when it failed. */
  readonly via?: string | undefined;
  /** Revision of the store that the answer told. */
  readonly seen?: number | undefined;
  /** Why the client gave up. A write that failed may have been carried out, also later. */
  readonly failure?: string | undefined;
  /** The first few failed attempts. */
  readonly retries?: readonly Retry[] | undefined;
}

/** One value put to one or more keys in one transaction, carried out once at most, however often it was sent. */
export interface Write extends Operation {
  readonly keys: readonly string[];
  /** No two writes of a history have the same. */
  readonly value: string;
  /** Undefined when it failed. */
  readonly revision?: number | undefined;
}

/** A linearizable read of one key. */
export interface Read extends Operation {
  readonly key: string;
  /** Undefined when it failed, and when there was no such key. */
  readonly value?: string | undefined;
  /** Revision at which the key was last written; 0 when there was no such key; undefined when the read failed. */
  readonly revision?: number | undefined;
}

/** What one watcher saw of all keys with its prefix, in the order in which it came. */
export interface WatchRecord {
  readonly prefix: string;
  /** First revision that it was to see. */
  readonly from: number;
  readonly events: readonly WatchEvent[];
  /** How often it had to go on at another endpoint. */
  readonly resumed: number;
  /** Why it gave up. */
  readonly failure?: string | undefined;
}

export interface WatchEvent {
  readonly key: string;
  /** Undefined: the key was deleted. */
  readonly value?: string | undefined;
  readonly revision: number;
}

/** A lease that a client meant to keep alive to the end. */
export interface LeaseRecord {
  readonly keepAlives: number;
  /** Why it is gone, or was thought to be. */
  readonly failure?: string | undefined;
}

/** A part of the time that has a name, such as "control" and "change". A name may come more than once. */
export interface Interval {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}
