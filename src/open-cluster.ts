/** A second, small composition root: the cluster's API alone, with the client certificate that is stored. */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { openCluster } from "./etcd/grpc-cluster.js";
import type { Cluster } from "./etcd/cluster.js";
import type { Authority } from "./pki/authority.js";
import type { Spec } from "./spec/spec.js";

/** @returns undefined when the cluster wants a client certificate and there is none. Nothing is issued. */
export async function openClusterOf(spec: Spec): Promise<Cluster | undefined> {
  const identity = spec.tls === undefined ? undefined : await storedIdentity(spec);
  if (spec.tls !== undefined && identity === undefined) return undefined;
  const tls = (): Promise<typeof identity> => Promise.resolve(identity);
  if (!spec.members.some(({ host }) => host.kind === "ssh" && host.ports === "tunnel")) return openCluster({ tls });
  const { openTunnels } = await import("./host/tunnels.js");
  const tunnels = openTunnels(spec.members);
  await tunnels?.begin(tunnelPatience);
  const cluster = openCluster({ tls, through: tunnels?.through });
  return {
    ...cluster,
    async close() {
      await cluster.close();
      tunnels?.close();
    },
  };
}

/** Milliseconds that ways through ssh are given before anything is asked. */
const tunnelPatience = 8_000;

async function storedIdentity(spec: Spec): ReturnType<Authority["storedClient"]> {
  const { openAuthority } = await import("./pki/open-authority.js");
  return openAuthority(spec).storedClient();
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
