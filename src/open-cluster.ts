/** A second, small composition root: the cluster's API alone, with the client certificate that is stored. */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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

/**
 * With the certificate in these files, absolute paths; undefined: without any.
 * @returns undefined when one of them cannot be read
 */
export function openClusterWith(
  files: { readonly ca: string; readonly cert: string; readonly key: string } | undefined,
): Cluster | undefined {
  try {
    const material =
      files === undefined
        ? undefined
        : { ca: readSettled(files.ca), cert: readSettled(files.cert), key: readSettled(files.key) };
    return openCluster({ tls: () => Promise.resolve(material) });
  } catch {
    return undefined;
  }
}

/** Sets of certificates are changed by moving a link to another folder; the folder itself stays as it is. */
const readSettled = (path: string): string => readFileSync(join(realpathSync(dirname(path)), basename(path)), "utf8");
