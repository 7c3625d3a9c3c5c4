/** A survey, and what looking after the database needs to know besides: asked of the members' API alone. */
import { QuorateError } from "./errors.js";
import { isTight } from "./observe/database.js";
import { compareHashes, type HashComparison } from "./observe/hashes.js";
import { noUpkeep, type Upkeep } from "./plan/upkeep.js";
import type { Survey } from "./survey.js";
import type { World } from "./world.js";

export interface CloserLook {
  readonly force?: boolean;
  /** Revisions of history that are kept. */
  readonly keep?: bigint;
  /** Revision before which history is to be forgotten. */
  readonly revision?: bigint;
  /** Name of the member that is to be rebuilt. */
  readonly rebuild?: string;
}

/** Milliseconds. */
const deadline = 5_000;

/**
 * Changes nothing. What it finds stays the same when the plan is made again under the lock.
 * @throws QuorateError E_USAGE for a revision that has not been written yet, or a member that the file does not name
 */
export async function lookCloser(looked: Survey, world: World, wanted: CloserLook): Promise<Survey> {
  const { force = false, rebuild = "" } = wanted;
  const [history, suspicion] = await Promise.all([
    historyOf(looked, world, wanted),
    rebuild === "" ? undefined : suspicionOf(looked, world, rebuild, force),
  ]);
  return { ...looked, upkeep: { ...noUpkeep, force, rebuild, ...history, ...suspicion } };
}

async function historyOf(
  { seen, spec }: Survey,
  world: World,
  { keep, revision }: CloserLook,
): Promise<Pick<Upkeep, "compactTo" | "compacted" | "tight"> | undefined> {
  if (keep === undefined && revision === undefined) return undefined;
  const serving = spec.members.flatMap(({ name, client }) => {
    const endpoint = seen.etcd[name];
    return endpoint?.state === "serving" ? [{ name, url: client.url, status: endpoint.status }] : [];
  });
  const newest = serving.reduce((most, { status }) => (status.revision > most ? status.revision : most), 0n);
  if (revision !== undefined && revision > newest)
    throw new QuorateError("E_USAGE", `revision ${revision} has not been written yet; the newest is ${newest}`, {
      expected: `at most ${newest}`,
      found: String(revision),
    });
  const to = revision ?? newest - (keep ?? 0n);
  if (to <= 1n) return { compactTo: "", compacted: false, tight: [] };
  const told = await Promise.all(
    serving.map(({ url }) =>
      world.cluster
        .member(url)
        .isCompacted(to, deadline)
        .catch(() => false),
    ),
  );
  const compacted = told.length > 0 && told.every(Boolean);
  const tight = compacted ? serving.filter(({ status }) => isTight(status)).map(({ name }) => name) : [];
  return { compactTo: String(to), compacted, tight };
}

async function suspicionOf(
  { spec, seen }: Survey,
  world: World,
  rebuild: string,
  force: boolean,
): Promise<Pick<Upkeep, "condemned" | "cleared" | "doubt">> {
  if (!spec.members.some(({ name }) => name === rebuild))
    throw new QuorateError("E_USAGE", `the file has no member ${rebuild}`, {
      expected: spec.members.map(({ name }) => name).join(", "),
      found: rebuild,
    });
  const others = spec.members.filter(({ name }) => name !== rebuild && seen.etcd[name]?.state === "serving");
  const sleep = (milliseconds: number): Promise<void> => world.clock.sleep(milliseconds);
  const [all, rest] = await Promise.all([
    compareHashes(spec, world.cluster, { sleep }),
    compareHashes({ members: others }, world.cluster, { sleep }),
  ]);
  // An alarm may name nobody, or another one: the leader takes whoever differs from itself for wrong.
  const hashed = all.members.flatMap(({ name, hash }) => (hash === undefined ? [] : [name]));
  const cleared = all.majority ? hashed.filter((name) => !all.odd.includes(name)) : [];
  const leader = spec.members.find(({ name }) => name !== rebuild && all.odd.includes(name) && leads(seen.etcd[name]));
  const settled = all.majority && !cleared.includes(rebuild);
  const doubt =
    settled && leader !== undefined
      ? `${leader.name}, from which it would take its data, differs from the majority too: rebuild that one first`
      : settled || rest.verdict === "equal"
        ? ""
        : sayDoubt(rest);
  return { condemned: [...all.odd, ...(force ? [rebuild] : [])], cleared, doubt };
}

const leads = (endpoint: Survey["seen"]["etcd"][string] | undefined): boolean =>
  endpoint?.state === "serving" && endpoint.status.leaderId === endpoint.status.memberId;

function sayDoubt({ verdict, members }: HashComparison): string {
  if (members.length === 0) return "no other member serves, so there is nobody to take the data from";
  if (verdict === "open") return "the other members could not be compared with each other";
  return "the other members do not have the same data either, so nobody can say which is right";
}
