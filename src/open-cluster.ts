/** A second, small composition root: the cluster's API alone, with the client certificate that is stored. */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Cluster, HealthCluster } from "./etcd/cluster.js";
import { openHealthCluster } from "./etcd/health-cluster.js";
import type { Through, TlsMaterial } from "./etcd/transport/dial.js";
import type { Authority } from "./pki/authority.js";
import type { Spec } from "./spec/spec.js";

/** How to come to the members: with which certificate, if with any, and through what. */
export interface Access {
  readonly tls: () => Promise<TlsMaterial | undefined>;
  readonly through?: Through | undefined;
  /** Ends what leads through ssh. */
  close(): void;
}

/** @returns undefined when the cluster wants a client certificate and there is none. Nothing is issued. */
export async function accessTo(spec: Spec): Promise<Access | undefined> {
  const identity = spec.tls === undefined ? undefined : await storedIdentity(spec);
  if (spec.tls !== undefined && identity === undefined) return undefined;
  if (!spec.members.some(({ host }) => host.kind === "ssh" && host.ports === "tunnel")) return overNetwork(identity);
  const { openTunnels } = await import("./host/tunnels.js");
  const tunnels = openTunnels(spec.members);
  await tunnels?.begin(tunnelPatience);
  return { ...overNetwork(identity), through: tunnels?.through, close: () => tunnels?.close() };
}

/** Milliseconds that ways through ssh are given before anything is asked. */
const tunnelPatience = 8_000;

const overNetwork = (material: TlsMaterial | undefined): Access => ({
  tls: () => Promise.resolve(material),
  close: () => undefined,
});

async function storedIdentity(spec: Spec): ReturnType<Authority["storedClient"]> {
  const { openAuthority } = await import("./pki/open-authority.js");
  return openAuthority(spec).storedClient();
}

/**
 * With the certificate in these files, absolute paths; undefined: without any.
 * @returns undefined when one of them cannot be read
 */
export function accessWith(
  files: { readonly ca: string; readonly cert: string; readonly key: string } | undefined,
): Access | undefined {
  try {
    return overNetwork(files === undefined ? undefined : settled(files));
  } catch {
    return undefined;
  }
}

/** No more than proving health takes, and started faster. */
export const openForHealth = (access: Access): HealthCluster => openHealthCluster(access);

export async function openWhole(access: Access): Promise<Cluster> {
  const { openCluster } = await import("./etcd/grpc-cluster.js");
  return openCluster(access);
}

/** Sets of certificates are changed by moving a link to another folder; the folder itself stays as it is. */
function settled({ ca, cert, key }: { ca: string; cert: string; key: string }): TlsMaterial {
  const folders = new Map<string, string>();
  const read = (path: string): string => {
    const link = dirname(path);
    const folder = folders.get(link) ?? realpathSync.native(link);
    folders.set(link, folder);
    return readFileSync(join(folder, basename(path)), "utf8");
  };
  return { ca: read(ca), cert: read(cert), key: read(key) };
}
