/** What a member is told before it has data of its own; etcd reads it once and never again. */
import type { Facts } from "../observe/facts.js";
import type { MemberSpec, Spec } from "../spec/spec.js";

/** For a cluster that is to form: every member names the same ones. */
export const formingText = (spec: Spec, member: MemberSpec): string =>
  text(
    spec,
    member,
    "new",
    spec.members.map(({ name, peer }) => [name, peer.url]),
  );

/**
 * For a member that joins: everybody on the cluster's list, and itself. Etcd compares the peer URLs with the list and
 * refuses to start when they differ; of the names, only its own must be right (server/etcdserver/api/membership
 * ValidateClusterAndAssignIDs).
 */
export function joiningText(spec: Spec, member: MemberSpec, now: Facts): string {
  const others = Object.entries(now.members).flatMap(([name, { listedAt }]): [string, string][] =>
    name === member.name || listedAt === "" ? [] : [[name, listedAt]],
  );
  return text(spec, member, "existing", [...others, [member.name, member.peer.url]]);
}

function text(
  spec: Spec,
  member: MemberSpec,
  state: "new" | "existing",
  cluster: readonly (readonly [string, string])[],
): string {
  const lines = {
    ETCD_INITIAL_ADVERTISE_PEER_URLS: member.peer.url,
    ETCD_INITIAL_CLUSTER: cluster.map(([name, url]) => `${name}=${url}`).join(","),
    ETCD_INITIAL_CLUSTER_STATE: state,
    ETCD_INITIAL_CLUSTER_TOKEN: spec.token,
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n")}\n`;
}
