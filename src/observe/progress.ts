/** How far each member is: what decides whether it may be promoted, relied on, or left as the only one. */
import type { MemberStatus } from "../etcd/cluster.js";
import type { Tri } from "./facts.js";
import type { EndpointObservation, Observation } from "./observation.js";

/**
 * Entries that a member may lack and still count as caught up. Statuses are taken milliseconds apart, in which a busy
 * cluster goes on; a member that is truly behind lacks far more.
 */
const tolerableGap = 1_000n;

export function caughtUp(own: EndpointObservation | undefined, all: Observation["etcd"]): Tri {
  if (own === undefined || own.state === "not-asked" || own.state === "denied") return "unknown";
  if (own.state === "silent" || own.status.leaderId === "0") return "no";
  const furthest = Object.values(all).reduce(
    (most, endpoint) =>
      endpoint.state === "serving" && endpoint.status.clusterId === own.status.clusterId
        ? max(most, endpoint.status.raftAppliedIndex)
        : most,
    0n,
  );
  return furthest - own.status.raftAppliedIndex <= tolerableGap && isApplying(own.status) ? "yes" : "no";
}

const isApplying = (status: MemberStatus): boolean => status.raftIndex - status.raftAppliedIndex <= tolerableGap;

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
