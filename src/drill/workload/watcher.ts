/**
 * Watches all keys with a prefix, and goes on at another endpoint, behind the last revision that it saw, whenever the
 * stream breaks.
 */
import { CompactedError, prefixEnd, type WatchBatch } from "../../etcd/client.js";
import { EtcdError } from "../../etcd/cluster.js";
import type { WatchEvent } from "../history.js";
import { pause, revisionNumber, type ClientSet } from "./client-set.js";
import type { Endpoint } from "./endpoints.js";
import { unpadded } from "./keys.js";

/** Milliseconds to wait before going on elsewhere. */
const resumePause = 20;

export interface Watcher {
  readonly prefix: string;
  /** Everything up to and including this revision has been seen. */
  readonly reached: number;
  /** Resolves when the signal has aborted. */
  readonly done: Promise<void>;
}

/**
 * Watches until the signal aborts, then tells the recorder what was seen.
 * @param from first revision to see
 */
export function watch(set: ClientSet, prefix: string, from: number, signal: AbortSignal): Watcher {
  const events: WatchEvent[] = [];
  const watcher = { prefix, reached: from - 1, done: Promise.resolve() };
  let resumed = 0;

  const take = (batch: WatchBatch): void => {
    for (const { type, kv } of batch.events)
      events.push({
        key: Buffer.from(kv?.key ?? []).toString(),
        value: type === 0 ? unpadded(Buffer.from(kv?.value ?? []).toString()) : undefined,
        revision: revisionNumber(kv?.modRevision),
      });
    watcher.reached = Math.max(watcher.reached, revisionNumber(batch.revision));
  };

  /** One stream to one endpoint, until it breaks. */
  const follow = async (endpoint: Endpoint): Promise<void> => {
    const broken = new AbortController();
    const options = {
      rangeEnd: prefixEnd(prefix),
      startRevision: BigInt(watcher.reached + 1),
      signal: AbortSignal.any([signal, broken.signal]),
      onInterruption: (error: EtcdError) => {
        set.endpoints.blame(endpoint, error);
        broken.abort();
      },
    };
    for await (const batch of endpoint.client.watch(prefix, options)) take(batch);
  };

  const run = async (): Promise<string | undefined> => {
    let endpoint: Endpoint | undefined;
    while (!signal.aborted) {
      endpoint = set.endpoints.next(endpoint);
      try {
        await follow(endpoint);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        if (error instanceof CompactedError) return error.message;
        set.endpoints.blame(endpoint, error);
      }
      if (signal.aborted) return undefined;
      resumed += 1;
      await pause(resumePause, signal);
    }
    return undefined;
  };

  watcher.done = run().then((failure) => set.recorder.watch({ prefix, from, events, resumed, failure }));
  watcher.done.catch(() => undefined); // whoever ends the watch is told
  return watcher;
}
