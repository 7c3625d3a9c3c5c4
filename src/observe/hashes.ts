/**
 * Whether all members have the same data: the hash of every key up to one revision, asked of each. Hashes can be compared
 * only at one revision and with the same history forgotten, so it is asked again until that is so.
 */
import { EtcdError, type Cluster, type KvHash, type MemberStatus } from "../etcd/cluster.js";
import type { Endpoints } from "./health.js";
import { quorumOf } from "./quorum.js";

export interface MemberHash {
  readonly name: string;
  readonly url: string;
  readonly memberId: string | undefined;
  readonly version: string | undefined;
  readonly hash: number | undefined;
  readonly compactRevision: bigint | undefined;
  /** Why there is no hash of it. */
  readonly why: string | undefined;
}

export interface HashComparison {
  /** Up to which the keys were hashed; undefined when no member could be asked. */
  readonly revision: bigint | undefined;
  readonly members: readonly MemberHash[];
  /** equal: all members were compared and are the same. open: some could not be compared, and the rest are the same. */
  readonly verdict: "equal" | "differ" | "open";
  /** Members that differ from what a majority of all members has; empty when there is no such majority. */
  readonly odd: readonly string[];
  /** More than half of all members have the same data. */
  readonly majority: boolean;
}

export interface HashOptions {
  /** Milliseconds for one member to hash its database: about a second per gigabyte. */
  readonly deadline?: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Milliseconds; compactions come to the members a little apart. */
const pause = 300;
const attempts = 10;
const statusDeadline = 3_000;
const patient = 300_000;

/** Never rejects for anything that a member does. */
export async function compareHashes(
  { members }: Endpoints,
  cluster: Cluster,
  { deadline = patient, sleep }: HashOptions,
): Promise<HashComparison> {
  for (let attempt = 1; ; attempt += 1) {
    const asked = await Promise.all(members.map((member) => askStatus(member, cluster)));
    const revision = lowest(asked);
    const hashes = await Promise.all(asked.map((one) => askHash(one, revision, cluster, deadline)));
    if (areComparable(hashes) || attempt === attempts) return judgeHashes(revision, hashes.map(plain));
    await sleep(pause);
  }
}

interface Asked {
  readonly name: string;
  readonly url: string;
  readonly status: MemberStatus | EtcdError;
}

async function askStatus({ name, client: { url } }: Endpoints["members"][number], cluster: Cluster): Promise<Asked> {
  return { name, url, status: await cluster.member(url).status(statusDeadline).catch(asEtcdError) };
}

/** Every member has at least this one. */
function lowest(asked: readonly Asked[]): bigint | undefined {
  const revisions = asked.flatMap(({ status }) =>
    status instanceof EtcdError || status.isLearner ? [] : [status.revision],
  );
  const [first] = revisions;
  return first === undefined ? undefined : revisions.reduce((least, one) => (one < least ? one : least), first);
}

type Answer = Omit<MemberHash, "hash" | "compactRevision"> & { readonly answer: KvHash | EtcdError | undefined };

async function askHash(
  { name, url, status }: Asked,
  revision: bigint | undefined,
  cluster: Cluster,
  deadline: number,
): Promise<Answer> {
  const base = { name, url, memberId: undefined, version: undefined };
  if (status instanceof EtcdError) return { ...base, why: status.message, answer: undefined };
  const known = { ...base, memberId: status.memberId, version: status.version };
  if (status.isLearner) return { ...known, why: "a learner is not asked", answer: undefined };
  const answer = await cluster
    .member(url)
    .hashKv(revision ?? 0n, deadline)
    .catch(asEtcdError);
  return { ...known, why: answer instanceof EtcdError ? answer.message : undefined, answer };
}

/** One that has just forgotten the revision, or more than the others, is asked again. */
function areComparable(answers: readonly Answer[]): boolean {
  const hashes = answers.flatMap(({ answer }) => (answer === undefined || answer instanceof EtcdError ? [] : [answer]));
  const compacted = answers.some(({ why }) => why?.includes("has been compacted") === true);
  return !compacted && new Set(hashes.map(({ compactRevision }) => compactRevision)).size <= 1;
}

function plain({ answer, ...rest }: Answer): MemberHash {
  if (answer === undefined || answer instanceof EtcdError)
    return { ...rest, hash: undefined, compactRevision: undefined };
  return { ...rest, hash: answer.hash, compactRevision: answer.compactRevision };
}

/** Pure: what the hashes together mean. */
export function judgeHashes(revision: bigint | undefined, members: readonly MemberHash[]): HashComparison {
  const groups = new Map<string, string[]>();
  for (const { name, hash, compactRevision } of members) {
    if (hash === undefined) continue;
    const key = `${hash} ${compactRevision}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const right = [...groups.values()].find((names) => names.length >= quorumOf(members.length));
  const odd = right === undefined ? [] : [...groups.values()].filter((names) => names !== right).flat();
  const whole = members.every(({ hash }) => hash !== undefined);
  const verdict = groups.size > 1 ? "differ" : whole && groups.size === 1 ? "equal" : "open";
  return { revision, members, verdict, odd, majority: right !== undefined };
}

function asEtcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  throw error;
}
