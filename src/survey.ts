/** What planning needs to know: the observation, the version to aim at, and the facts that follow from both. */
import type { Formed } from "./apply/ledger.js";
import { QuorateError } from "./errors.js";
import { factsOf, plannedClusterId } from "./observe/facts-of.js";
import type { Observation } from "./observe/observation.js";
import { observe } from "./observe/observe.js";
import { converge } from "./plan/converge.js";
import { hazards } from "./plan/hazards.js";
import type { Goal, Plan, Problem } from "./plan/plan.js";
import type { Spec } from "./spec/spec.js";
import type { World } from "./world.js";

export interface Survey {
  readonly seen: Observation;
  readonly version: string;
  /** Where the version comes from, in words. */
  readonly versionSource: string;
  readonly versions: readonly string[];
  readonly formed: Formed | undefined;
  readonly warnings: readonly string[];
}

export interface PlanOptions {
  readonly goal?: Goal;
  /** Members whose foreign data may be renamed. */
  readonly moveAside?: readonly string[];
  /** Suffix of what is moved aside; give the same one when planning again. */
  readonly stamp?: string;
}

/** Look at everything once. Never changes anything on a host. @throws QuorateError E_RELEASE_* when no version can be chosen */
export async function survey(spec: Spec, world: World): Promise<Survey> {
  const [wished, formed] = await Promise.all([
    spec.etcd.version ?? world.ledger.chosenVersion(),
    world.ledger.formed(),
  ]);
  const versions = wished === undefined ? [] : [wished];
  const seen = await observe(spec, world, versions);
  if (wished !== undefined) {
    const versionSource = spec.etcd.version === undefined ? "chosen before" : "the cluster file";
    return { seen, version: wished, versionSource, versions, formed, warnings: [] };
  }
  const chosen = runningVersion(seen) ?? (await world.release.newest(firstArch(seen)));
  const { version, source: versionSource, warnings } = chosen;
  const complete = mayHoldReleases(spec, seen) ? await observe(spec, world, [version]) : seen;
  return { seen: complete, version, versionSource, versions: [version], formed, warnings };
}

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

/** Pure: the same survey and options give the same plan. */
export function planOf(spec: Spec, looked: Survey, options: PlanOptions = {}): Plan {
  const { seen, version, versions, formed, warnings } = looked;
  const goal = options.goal ?? "running";
  const moveAside = options.moveAside ?? [];
  const facts = factsOf(spec, seen, versions, formed);
  const clusterId = facts.formed === "no" ? plannedClusterId(spec) : facts.formed;
  const told: Problem[] = warnings.map((message) => ({
    code: "E_VERSION_RISKY",
    member: undefined,
    message,
    severity: "warn",
  }));
  const found = hazards({ spec, goal, version, clusterId, seen, facts, moveAside });
  const stamp = options.stamp ?? new Date(seen.at).toISOString().replace(/[:.]/g, "-");
  return converge({ spec, goal, version, clusterId, moveAside, stamp }, facts, [...told, ...found]);
}
