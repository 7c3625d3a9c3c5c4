/** What the clients of one workload share. */
import type { CallOptions, EtcdClient } from "../../etcd/client.js";
import type { Endpoints } from "./endpoints.js";
import { persist, type Persisted, type Persistence } from "./persist.js";
import type { Recorder } from "./recorder.js";

export interface ClientSet {
  readonly endpoints: Endpoints;
  readonly recorder: Recorder;
  readonly persistence: Persistence;
  readonly prefix: string;
  /** Milliseconds from the beginning of one operation of a client to that of its next, at least. */
  readonly pace: number;
  readonly valueBytes: number;
  /** Aborts when no further operation shall begin. */
  readonly ending: AbortSignal;
}

/** One request, as persistently as the clients of this set are. @param set with a home of the client's own, or none */
export function request<T>(
  set: ClientSet,
  call: (client: EtcdClient, options: CallOptions) => Promise<T>,
): Promise<Persisted<T>> {
  return persist(set.endpoints, set.persistence, set.recorder.now, call);
}

/** Does something again and again at the set's pace, one after the other, until the end. */
export async function atPace(set: ClientSet, act: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 1; !set.ending.aborted && !set.recorder.full; turn += 1) {
    const due = set.recorder.now() + set.pace;
    await act(turn);
    await pause(due - set.recorder.now(), set.ending);
  }
}

/** Milliseconds; shorter when the signal aborts. At least one turn of the event loop. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, signal.aborted ? 0 : milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Revisions are below 2^53 for as long as a cluster lives. @throws RangeError */
export function revisionNumber(revision: bigint | undefined): number {
  const number = Number(revision ?? 0n);
  if (!Number.isSafeInteger(number)) throw new RangeError(`revision ${revision} is not exact as a number`);
  return number;
}
