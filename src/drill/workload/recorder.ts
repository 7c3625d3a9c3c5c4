/** Collects a history while it happens. */
import type { History, Interval, LeaseRecord, Read, WatchRecord, Write } from "../history.js";

export class Recorder {
  readonly startedAt = new Date().toISOString();
  readonly #begin = performance.now();
  readonly #limit: number;
  readonly #writes: Write[] = [];
  readonly #reads: Read[] = [];
  readonly #watches: WatchRecord[] = [];
  readonly #leases: LeaseRecord[] = [];
  readonly #intervals: Interval[] = [];
  readonly #newest = new Map<string, number>();

  /** @param limit operations that are kept at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Milliseconds since the history began. */
  readonly now = (): number => performance.now() - this.#begin;

  get full(): boolean {
    return this.#writes.length + this.#reads.length >= this.#limit;
  }

  acknowledged = 0;

  write(write: Write): void {
    this.#writes.push(write);
    if (write.revision === undefined) return;
    this.acknowledged += 1;
    for (const key of write.keys) this.#newest.set(key, Math.max(write.revision, this.#newest.get(key) ?? 0));
  }

  /** The newest revision at which a write below this prefix was acknowledged; 0 before the first. */
  newest(prefix: string): number {
    return Math.max(0, ...[...this.#newest].map(([key, revision]) => (key.startsWith(prefix) ? revision : 0)));
  }

  read(read: Read): void {
    this.#reads.push(read);
  }

  watch(watch: WatchRecord): void {
    this.#watches.push(watch);
  }

  lease(lease: LeaseRecord): void {
    this.#leases.push(lease);
  }

  interval(interval: Interval): void {
    this.#intervals.push(interval);
  }

  history(cast: Pick<History, "prefix" | "writers" | "readers" | "initial" | "final">): History {
    return {
      format: 1,
      startedAt: this.startedAt,
      endedAt: this.now(),
      ...cast,
      writes: this.#writes,
      reads: this.#reads,
      watches: this.#watches,
      leases: this.#leases,
      intervals: this.#intervals,
      full: this.full,
    };
  }
}
