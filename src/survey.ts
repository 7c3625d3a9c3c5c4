/** What planning needs to know: the observation, the version to aim at, and the facts that follow from both. */
import type { Formed } from "./apply/ledger.js";
import { QuorateError } from "./errors.js";
import { factsOf, plannedClusterId } from "./observe/facts-of.js";
import type { Observation } from "./observe/observation.js";
import { observe } from "./observe/observe.js";
import { converge } from "./plan/converge.js";
import { hazards } from "./plan/hazards.js";
import { stuckMembers } from "./plan/stuck.js";
import type { Goal, Plan, Problem } from "./plan/plan.js";
import { withUpkeep, type Upkeep } from "./plan/upkeep.js";
import { compareVersions } from "./plan/versions.js";
import type { Wish } from "./plan/wish.js";
import { withFormer } from "./spec/former.js";
import { wayTo, type Way } from "./way.js";
import type { Spec } from "./spec/spec.js";
import type { World } from "./world.js";

export interface Survey {
  /** The spec, with the members that the operator's records have besides. */
  readonly spec: Spec;
  readonly seen: Observation;
  readonly version: string;
  /** Where the version comes from, in words. */
  readonly versionSource: string;
  /** Releases that the hosts were asked for. */
  readonly versions: readonly string[];
  /** Versions to pass through; the last is the one wanted. */
  readonly hops: readonly string[];
  readonly formed: Formed | undefined;
  /** Labels of the snapshots of the last hour. */
  readonly saved: readonly string[];
  readonly warnings: readonly string[];
  /** What is to be known of the way to the version. */
  readonly told: readonly Problem[];
  /** Why there is no way to the version. */
  readonly blocked: Way["blocked"];
  /** What a closer look at the database has found, when the goal is to look after it. */
  readonly upkeep?: Upkeep | undefined;
}

export interface PlanOptions {
  readonly goal?: Goal;
  /** Members whose foreign data may be renamed. */
  readonly moveAside?: readonly string[];
  /** Members, as `quorate status` names them, that nobody knows and that are to go. */
  readonly remove?: readonly string[];
  /** Members may be restarted although nothing is served meanwhile. */
  readonly downtime?: boolean;
  /** An old CA may be dropped although clients are known to hold certificates of it. */
  readonly dropOldCa?: boolean;
  /** Clients are no longer served without TLS, on a cluster that comes from plaintext. */
  readonly closePlaintext?: boolean;
  /** Members whose certificates are renewed, when that is the goal; all unless told. */
  readonly only?: readonly string[] | undefined;
  /** Suffix of what is moved aside; give the same one when planning again. */
  readonly stamp?: string;
}

/** Milliseconds for which a saved database is as good as a new one. */
const freshFor = 3_600_000;

/** Look at everything once. Never changes anything on a host. @throws QuorateError E_RELEASE_* when no version can be chosen */
export async function survey(wanted: Spec, world: World): Promise<Survey> {
  const { ledger } = world;
  const [wished, formed, roster, snapshots] = await Promise.all([
    wanted.etcd.version ?? ledger.chosenVersion(),
    ledger.formed(),
    ledger.roster(),
    ledger.snapshots(),
  ]);
  const spec = withFormer(wanted, roster);
  const saved = snapshots.filter(({ at }) => world.clock.now() - at < freshFor).map(({ label }) => label);
  const first = wished === undefined ? [] : [wished];
  const seen = await observe(spec, world, first);
  const { version, source, warnings } =
    wished === undefined
      ? (runningVersion(seen) ?? (await world.release.newest(firstArch(seen))))
      : {
          version: wished,
          source: wanted.etcd.version === undefined ? "chosen before" : "the cluster file",
          warnings: [],
        };
  const running = runningVersions(seen);
  const before = running.length > 0 ? running : [formed?.version ?? version];
  const way = before.every((one) => one === version)
    ? { hops: [version], blocked: undefined, told: [] }
    : await wayTo(spec, before, revisionOf(seen), version, firstArch(seen), world.release);
  const versions = [...new Set([version, ...way.hops, ...running])];
  const more = versions.some((one) => !first.includes(one)) && mayHoldReleases(spec, seen);
  return {
    spec,
    seen: more ? await observe(spec, world, versions) : seen,
    version,
    versionSource: source,
    versions,
    hops: way.hops,
    blocked: way.blocked,
    formed,
    saved: [...new Set(saved)].sort(),
    warnings,
    told: way.told,
  };
}

const revisionOf = (seen: Observation): bigint | undefined =>
  Object.values(seen.etcd).flatMap((endpoint) => (endpoint.state === "serving" ? [endpoint.status.revision] : []))[0];

const runningVersions = (seen: Observation): string[] =>
  [
    ...new Set(
      Object.values(seen.etcd).flatMap((endpoint) => (endpoint.state === "serving" ? [endpoint.status.version] : [])),
    ),
  ].sort(compareVersions);

/** Hosts that have no folder for binaries need not be asked whether they have this release. */
function mayHoldReleases(spec: Spec, seen: Observation): boolean {
  return spec.members.some(({ name, paths }) => {
    const host = seen.hosts[name];
    return host?.reach === "reachable" && host.stats[paths.binaries] !== undefined;
  });
}

/** A cluster that runs is never moved to another version because the file names none. */
function runningVersion(
  seen: Observation,
): { version: string; source: string; warnings: readonly string[] } | undefined {
  for (const endpoint of Object.values(seen.etcd)) {
    if (endpoint.state === "serving")
      return { version: endpoint.status.version, source: "what the cluster runs", warnings: [] };
  }
  return undefined;
}

function firstArch(seen: Observation): string {
  for (const host of Object.values(seen.hosts)) if (host.reach === "reachable") return host.arch;
  const failure = Object.values(seen.hosts).find((host) => host.reach === "unreachable");
  if (failure?.reach === "unreachable") throw failure.error;
  throw new QuorateError("E_HOST_UNREACHABLE", "no host can be reached");
}

/** What the file leaves open, the operator's records say: whether members read a list of revoked certificates. */
function withRevocation(spec: Spec, { revokes }: Observation): Spec {
  const { tls } = spec;
  if (tls === undefined || (tls.revokes ?? false) === (revokes ?? false)) return spec;
  return { ...spec, tls: { ...tls, revokes: revokes === true ? true : undefined } };
}

/** Pure: the same survey and options give the same plan. */
export function planOf(_spec: Spec, looked: Survey, options: PlanOptions = {}): Plan {
  const { seen, version, versions, hops, formed, saved, warnings, blocked, upkeep } = looked;
  const spec = withRevocation(looked.spec, seen);
  const goal = options.goal ?? "running";
  const moveAside = options.moveAside ?? [];
  const facts = withUpkeep(factsOf(spec, seen, versions, formed, saved), upkeep);
  const clusterId = facts.formed === "no" ? plannedClusterId(spec) : facts.formed;
  const told: Problem[] = warnings.map((message) => ({
    code: "E_VERSION_RISKY",
    member: undefined,
    message,
    severity: "warn",
  }));
  if (goal === "running") told.push(...looked.told);
  if (blocked !== undefined && goal === "running")
    told.push({ code: "E_HOPS", member: undefined, ...blocked, severity: "refuse" });
  const wish: Wish = {
    spec,
    goal,
    version,
    clusterId,
    hops,
    from: formed?.version,
    moveAside,
    remove: options.remove ?? [],
    downtime: options.downtime ?? false,
    anchors: seen.anchors,
    dropOldCa: options.dropOldCa ?? false,
    closePlaintext: options.closePlaintext ?? false,
    only: options.only,
    upkeep,
    stamp: options.stamp ?? new Date(seen.at).toISOString().replace(/[:.]/g, "-"),
  };
  const found = hazards({ spec, wish, goal, version, clusterId, seen, facts, moveAside });
  const planned = converge(wish, facts, [...told, ...found]);
  return { ...planned, problems: [...planned.problems, ...stuckMembers(spec, seen, planned)] };
}
