import type { Clock } from "../world.js";

/** Milliseconds after which something that still waits is taken to wait for ever. */
const patience = 24 * 3_600_000;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time passes only when everybody sleeps: then it jumps to the next one to be woken. So a run that waits for minutes
 * ends at once, in an order that does not depend on the machine.
 */
export class FakeClock implements Clock {
  readonly #start: number;
  #now: number;
  #sleepers: Sleeper[] = [];
  #turning = false;
  /** How often somebody slept: a loop that looks without sleeping, or sleeps for nothing, shows here. */
  sleeps = 0;

  constructor(start = Date.UTC(2026, 10, 22, 10, 0, 0)) {
    this.#start = start;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Milliseconds since the clock was made. */
  get elapsed(): number {
    return this.#now - this.#start;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    if (this.elapsed > patience)
      return Promise.reject(new Error("a day has passed on the fake clock: something waits for ever"));
    this.sleeps += 1;
    return new Promise((resolve) => {
      const sleeper: Sleeper = { at: this.#now + Math.max(0, milliseconds), wake: resolve };
      const later = this.#sleepers.findIndex((other) => other.at > sleeper.at);
      this.#sleepers.splice(later < 0 ? this.#sleepers.length : later, 0, sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
      this.#turn();
    });
  }

  /** One sleeper per turn of the event loop, so that everything it sets off has happened before the next one wakes. */
  #turn(): void {
    if (this.#turning || this.#sleepers.length === 0) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      const next = this.#sleepers.shift();
      if (next !== undefined) {
        this.#now = Math.max(this.#now, next.at);
        next.wake();
      }
      this.#turn();
    });
  }
}
