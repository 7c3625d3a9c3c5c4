/** A request of an ordinary retrying client: short attempts, another endpoint after each, until time is up. */
import type { CallOptions, EtcdClient } from "../../etcd/client.js";
import { EtcdError } from "../../etcd/cluster.js";
import { etcdErrorName } from "../../etcd/error-names.js";
import type { Retry } from "../history.js";
import type { Endpoint, Endpoints } from "./endpoints.js";

/** Milliseconds. */
export interface Persistence {
  /** Of one attempt. */
  readonly attempt: number;
  /** From the first attempt until the request has failed. */
  readonly overall: number;
  /** Number of the endpoint that is tried first, while it answers; undefined: all take turns. */
  readonly home?: number | undefined;
}

export interface Persisted<T> {
  /** Undefined when it failed. */
  readonly answer: T | undefined;
  readonly via: string | undefined;
  readonly failure: string | undefined;
  readonly retries: readonly Retry[] | undefined;
}

/** Status codes with which trying again is of no use: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED. */
const final: readonly (number | undefined)[] = [3, 5, 7, 12];
/**
 * Of those, what only says that users changed while the request was under way. etcd's own client asks again after the first
 * (clientv3/retry_interceptor.go); the second comes when authentication is turned on just then.
 */
const passing: readonly (string | undefined)[] = ["AuthOldRevision", "UserEmpty"];
/** Retries that are told of one request. */
const retriesKept = 8;
/** Milliseconds between attempts, doubling from the second retry on; the first follows at once. */
const [firstPause, longestPause] = [10, 100];

/**
 * The call must be one that may be sent more than once. Never throws what etcd or the network did.
 * @param clock milliseconds, for the times of the retries
 */
export async function persist<T>(
  endpoints: Endpoints,
  { attempt, overall, home }: Persistence,
  clock: () => number,
  call: (client: EtcdClient, options: CallOptions) => Promise<T>,
): Promise<Persisted<T>> {
  const end = clock() + overall;
  const retries: Retry[] = [];
  const told = (): readonly Retry[] | undefined => (retries.length === 0 ? undefined : retries);
  let endpoint: Endpoint | undefined;
  for (let pause = 0; ; pause = Math.min(Math.max(firstPause, 2 * pause), longestPause)) {
    endpoint = endpoints.next(endpoint, home);
    const { url } = endpoint;
    try {
      const deadline = Math.max(1, Math.min(attempt, end - clock()));
      const answer = await call(endpoint.client, { deadline });
      return { answer, via: url, failure: undefined, retries: told() };
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      endpoints.blame(endpoint, error);
      if (retries.length < retriesKept) retries.push({ via: url, at: clock(), why: error.message });
      const isFinal = final.includes(error.status) && !passing.includes(etcdErrorName(error));
      if (clock() >= end || isFinal)
        return { answer: undefined, via: undefined, failure: error.message, retries: told() };
    }
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
