/** A second, small composition root: the cluster's API alone, with the client certificate that is stored. */
import { openCluster } from "./etcd/grpc-cluster.js";
import type { Cluster } from "./etcd/cluster.js";
import type { Spec } from "./spec/spec.js";

/** @returns undefined when the cluster wants a client certificate and there is none. Nothing is issued. */
export async function openClusterOf(spec: Spec): Promise<Cluster | undefined> {
  if (spec.tls === undefined) return openCluster({ tls: () => Promise.resolve(undefined) });
  const { openAuthority } = await import("./pki/open-authority.js");
  const identity = await openAuthority(spec).storedClient();
  return identity === undefined ? undefined : openCluster({ tls: () => Promise.resolve(identity) });
}
