/** Watching keys: every change once, in order, across restarts of the member. */
import { EtcdError } from "../cluster.js";
import type { Event } from "../proto/kv.js";
import {
  WatchCreateRequest,
  WatchDefinition,
  type WatchCreateRequest_FilterType,
  type WatchRequest,
  type WatchResponse,
} from "../proto/rpc.js";
import { methodOf } from "../transport/method.js";
import { grpcStatus } from "../transport/status.js";
import { bytesOf, type Bytes } from "./bytes.js";
import type { Caller } from "./caller.js";

export interface WatchOptions {
  readonly rangeEnd?: Bytes;
  /** First revision to see; 0n or none: what changes from now on. */
  readonly startRevision?: bigint;
  readonly prevKv?: boolean;
  readonly filters?: readonly WatchCreateRequest_FilterType[];
  /** Batches without events tell from time to time how far the watch has come (every ten minutes by etcd's default). */
  readonly progressNotify?: boolean;
  /** The member drops the watch while it knows no leader, and the watch goes on when there is one; true unless told. */
  readonly requireLeader?: boolean;
  /** Ends the watch; the loop over it ends without an error. */
  readonly signal?: AbortSignal;
  /** Called when the connection was lost, before it is tried again. */
  readonly onInterruption?: (reason: EtcdError) => void;
}

/** All changes of one or more whole revisions, or none when it only tells the progress. */
export interface WatchBatch {
  /** Everything up to and including this revision has been seen. */
  readonly revision: bigint;
  readonly events: readonly Event[];
}

/** The history to resume from is gone: read the keys anew, then watch from after the revision of that read. */
export class CompactedError extends EtcdError {
  readonly compactRevision: bigint;

  constructor(compactRevision: bigint) {
    super("status", "etcdserver: mvcc: required revision has been compacted", grpcStatus.OUT_OF_RANGE);
    this.name = "CompactedError";
    this.compactRevision = compactRevision;
  }
}

const watchMethod = methodOf(WatchDefinition, WatchDefinition.methods.watch);
/** Milliseconds between attempts to come back: doubling from the first to the last. */
const [firstPause, longestPause] = [50, 1000];

/**
 * Yields batches until the signal aborts or the loop is left. The first attempt's failure is thrown; after that, a lost
 * connection is opened again and the watch resumes behind the last revision seen.
 * @throws EtcdError when etcd refuses the watch; CompactedError when the revision to start or resume from is gone.
 */
export async function* watch(
  caller: Caller,
  key: Bytes,
  options: WatchOptions = {},
): AsyncGenerator<WatchBatch, void, undefined> {
  let next = options.startRevision ?? 0n;
  let attached = false;
  const over = (): boolean => options.signal?.aborted === true;
  for (let pause = firstPause; !over(); pause = Math.min(2 * pause, longestPause)) {
    try {
      for await (const response of responses(caller, key, next, options)) {
        attached = true;
        pause = firstPause;
        if (response.created) {
          // "From now on" must mean the same now after a reconnect.
          if (next === 0n) next = (response.header?.revision ?? 0n) + 1n;
          continue;
        }
        const revision = response.events.at(-1)?.kv?.modRevision ?? response.header?.revision ?? 0n;
        if (revision >= next) next = revision + 1n;
        yield { revision, events: response.events };
      }
    } catch (error) {
      if (over()) return;
      if (!(error instanceof EtcdError)) throw error;
      if (!caller.forgetTokenAfter(error) && !(attached && mayComeBack(error))) throw error;
      options.onInterruption?.(error);
    }
    await sleep(pause, options.signal);
  }
}

/** One attempt, until it breaks or etcd ends it. */
async function* responses(
  caller: Caller,
  key: Bytes,
  startRevision: bigint,
  options: WatchOptions,
): AsyncGenerator<WatchResponse, void, undefined> {
  const metadata: Record<string, string> = options.requireLeader === false ? {} : { hasleader: "true" };
  const stream = await caller.bidi(watchMethod, { signal: options.signal, metadata });
  await stream.send(createRequest(key, startRevision, options));
  for await (const response of stream.responses()) {
    if (!response.canceled) yield response;
    else if (response.compactRevision > 0n) throw new CompactedError(response.compactRevision);
    else throw cancelled(response.cancelReason);
  }
}

function createRequest(key: Bytes, startRevision: bigint, options: WatchOptions): WatchRequest {
  const value: WatchCreateRequest = {
    ...WatchCreateRequest.create(),
    key: bytesOf(key),
    rangeEnd: bytesOf(options.rangeEnd ?? ""),
    startRevision,
    prevKv: options.prevKv ?? false,
    progressNotify: options.progressNotify ?? false,
    filters: [...(options.filters ?? [])],
  };
  return { requestUnion: { $case: "createRequest", value } };
}

/** etcd gives the reason as Go prints a gRPC status (v3rpc/watch.go): "rpc error: code = NAME desc = DESCRIPTION". */
function cancelled(reason: string): EtcdError {
  const [, code, description] = /^rpc error: code = (\w+) desc = (.*)$/s.exec(reason) ?? [];
  const codes: Record<string, number> = {
    PermissionDenied: grpcStatus.PERMISSION_DENIED,
    Unauthenticated: grpcStatus.UNAUTHENTICATED,
    InvalidArgument: grpcStatus.INVALID_ARGUMENT,
    Unavailable: grpcStatus.UNAVAILABLE,
  };
  return new EtcdError("status", description ?? reason, codes[code ?? ""] ?? grpcStatus.CANCELLED);
}

function mayComeBack(error: EtcdError): boolean {
  if (error.kind !== "status") return true;
  const lasting: readonly (number | undefined)[] = [
    grpcStatus.OUT_OF_RANGE,
    grpcStatus.PERMISSION_DENIED,
    grpcStatus.INVALID_ARGUMENT,
    grpcStatus.UNIMPLEMENTED,
  ];
  return !lasting.includes(error.status);
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}
