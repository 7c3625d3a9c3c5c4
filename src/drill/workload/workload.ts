/** Clients at work on a cluster, as ordinary as clients are, with everything that they do written down. */
import { setMaxListeners } from "node:events";
import { compare, op, openClient, prefixEnd, type TlsMaterial, type UserCredentials } from "../../etcd/client.js";
import type { History, Stored } from "../history.js";
import { judge } from "../oracle/judge.js";
import { controlName, type Limits, type Verdict } from "../verdict.js";
import { pause, request, revisionNumber, type ClientSet } from "./client-set.js";
import { Endpoints } from "./endpoints.js";
import { ownKeys, ownPrefix, padded, sharedKey, sharedPrefix, unpadded } from "./keys.js";
import { holdLease } from "./leaseholder.js";
import { read } from "./reader.js";
import { Recorder } from "./recorder.js";
import { watch, type Watcher } from "./watcher.js";
import { write } from "./writer.js";

export interface WorkloadOptions {
  /** Client URLs of all members; asked again whenever it matters, so it may change. */
  readonly endpoints: () => readonly string[];
  /** Asked at each new connection; undefined: no client certificate. */
  readonly tls?: () => Promise<TlsMaterial | undefined>;
  readonly user?: UserCredentials;
  /** 4 unless told; 30 at most. */
  readonly writers?: number;
  /** 2 unless told. */
  readonly readers?: number;
  /** Milliseconds between the beginnings of two operations of one client; 20 unless told. */
  readonly pace?: number;
  /** 128 unless told. */
  readonly valueBytes?: number;
  /** Milliseconds of one attempt, 300 unless told, and of one request, 10 000 unless told. */
  readonly attempt?: number;
  readonly overall?: number;
  /**
   * "turns", unless told: each request goes to the next endpoint, as with etcd's own clients since 3.4. "home": each
   * client keeps to one endpoint while that answers, so that no two members are out of use for all at once.
   */
  readonly spread?: "turns" | "home";
  /** Milliseconds between refreshes of the endpoints from the member list, 1000 unless told; "never": only those given. */
  readonly sync?: number | "never";
  /** All keys are below it, and gone at the end; one of its own unless told. */
  readonly prefix?: string;
  /** Operations that are recorded at most, about 300 bytes each; the clients stop there. 400 000 unless told. */
  readonly operations?: number;
}

export interface Workload {
  /** Writes that were acknowledged so far. */
  readonly acknowledged: number;
  /** Gives the time that `act` takes a name, such as "change". */
  during<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Lets this many milliseconds go by as control time. */
  control(milliseconds: number): Promise<void>;
  /** Ends all clients, reads everything once more, removes the keys. Once. */
  finish(): Promise<History>;
  /** The same, judged. */
  stop(limits?: Partial<Limits>): Promise<Verdict>;
}

/** Milliseconds that watchers have to see the last of the writes. */
const watchPatience = 15_000;

/** Resolves when the first operations are under way. @throws Error when the keys cannot be prepared. */
export async function startWorkload(options: WorkloadOptions): Promise<Workload> {
  const ending = new AbortController();
  const watching = new AbortController();
  setMaxListeners(0, ending.signal, watching.signal);
  const set = clientSet(options, ending.signal);
  const writers = Array.from({ length: options.writers ?? 4 }, (_, index) => `w${index + 1}`);
  const readers = Array.from({ length: options.readers ?? 2 }, (_, index) => `r${index + 1}`);
  const { prefix, recorder } = set;
  const keys = [...writers.flatMap((writer) => ownKeys(prefix, writer)), sharedKey(prefix)];
  const initial = await prepare(set, keys).catch(async (error: unknown) => {
    await set.endpoints.close();
    throw error;
  });
  const from = Math.max(...initial.map(({ revision }) => revision)) + 1;
  const prefixes = [...writers.map((writer) => ownPrefix(prefix, writer)), sharedPrefix(prefix)];
  const watchers = prefixes.map((one) => watch(set, one, from, watching.signal));
  const at = (home: number): ClientSet =>
    options.spread === "home" ? { ...set, persistence: { ...set.persistence, home } } : set;
  const clients = Promise.all([
    ...writers.map((writer, index) => write(at(index), writer)),
    ...readers.map((reader, index) => read(at(index), reader, keys, index * 3)),
    holdLease(set),
  ]);
  clients.catch(() => undefined); // finish() tells

  const workload: Workload = {
    get acknowledged() {
      return recorder.acknowledged;
    },
    async during(name, act) {
      const begin = recorder.now();
      try {
        return await act();
      } finally {
        recorder.interval({ name, from: begin, to: recorder.now() });
      }
    },
    control: (milliseconds) => workload.during(controlName, () => pause(milliseconds, ending.signal)),
    async finish() {
      const endedAt = recorder.now();
      ending.abort();
      try {
        await clients;
        await seen(watchers, recorder, recorder.now() + watchPatience);
        watching.abort();
        await Promise.all(watchers.map(({ done }) => done));
        const final = await allKeys(set);
        await request(set, (client, call) => client.kv.deleteRange(prefix, { rangeEnd: prefixEnd(prefix) }, call));
        return { ...recorder.history({ prefix, writers, readers, initial, final }), endedAt };
      } finally {
        watching.abort();
        await set.endpoints.close();
      }
    },
    stop: async (limits) => judge(await workload.finish(), limits),
  };
  return workload;
}

function clientSet(options: WorkloadOptions, ending: AbortSignal): ClientSet {
  const patience = { connect: 1_000, keepalive: 2_000, answer: 1_000 };
  const tls = options.tls ?? (() => Promise.resolve(undefined));
  const user = options.user === undefined ? {} : { user: options.user };
  return {
    endpoints: new Endpoints({
      given: options.endpoints,
      open: (url) => openClient(url, { tls, patience, ...user }),
      sync: options.sync === "never" ? undefined : (options.sync ?? 1_000),
    }),
    recorder: new Recorder(options.operations ?? 400_000),
    persistence: { attempt: options.attempt ?? 300, overall: options.overall ?? 10_000 },
    prefix: options.prefix ?? `quorate-workload/${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}/`,
    pace: options.pace ?? 20,
    valueBytes: options.valueBytes ?? 128,
    ending,
  };
}

/** Gives every key its first value, in one transaction that may be sent twice. */
async function prepare(set: ClientSet, keys: readonly string[]): Promise<Stored[]> {
  const first = padded("0", set.valueBytes);
  const txn = {
    compare: [compare.version(keys[0] ?? "", "=", 0n)],
    success: keys.map((key) => op.put(key, first)),
  };
  const { failure } = await request(set, (client, call) => client.kv.txn(txn, call));
  const stored = failure === undefined ? await allKeys(set) : undefined;
  if (stored?.length !== keys.length)
    throw new Error(`the workload's keys could not be prepared: ${failure ?? "they are not all there"}`);
  return stored;
}

async function allKeys(set: ClientSet): Promise<Stored[] | undefined> {
  const whole = { rangeEnd: prefixEnd(set.prefix) };
  const { answer } = await request(set, (client, call) => client.kv.range(set.prefix, whole, call));
  return answer?.kvs
    .filter(({ lease }) => lease === 0n)
    .map(({ key, value, modRevision, version }) => ({
      key: Buffer.from(key).toString(),
      value: unpadded(Buffer.from(value).toString()),
      revision: revisionNumber(modRevision),
      version: Number(version),
    }));
}

/** Waits until every watcher has seen the last write below its prefix, or until that time has come. */
async function seen(watchers: readonly Watcher[], recorder: Recorder, until: number): Promise<void> {
  while (recorder.now() < until && !watchers.every(({ prefix, reached }) => reached >= recorder.newest(prefix)))
    await new Promise((resolve) => setTimeout(resolve, 10));
}
