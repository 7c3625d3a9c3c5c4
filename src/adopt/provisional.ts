/** A spec to look through while nothing is known but how the hosts are reached. No rule has judged it; it is never kept. */
import { resolveSpec } from "../spec/resolve/resolve.js";
import { surroundingsOf, type ReadOptions } from "../spec/surroundings.js";
import type { Draft } from "../spec/draft.js";
import type { Spec } from "../spec/spec.js";
import type { Target } from "./target.js";
import type { OwnTrust } from "./trust.js";

/** How a host is called until it is known which member it is. */
export const placeOf = ({ host, port }: Target): string => (port === undefined ? host : `${host}:${port}`);

export function provisionalSpec(
  options: { readonly name: string; readonly ssh: NonNullable<Draft["ssh"]>; readonly trust: OwnTrust | undefined },
  targets: readonly Target[],
  reading: ReadOptions,
): Spec {
  const { name, ssh, trust } = options;
  const { caKey, client } = trust ?? {};
  const members = targets.map((target) => ({
    name: placeOf(target),
    address: target.host,
    ssh: {
      host: target.host,
      ...(target.user !== undefined && { user: target.user }),
      ...(target.port !== undefined && { port: String(target.port) }),
    },
  }));
  const tls: Draft["tls"] =
    trust === undefined
      ? "off"
      : {
          ca: { cert: trust.ca.path, ...(caKey !== undefined && { key: caKey }) },
          ...(client !== undefined && { client: { cert: client.cert, key: client.key } }),
        };
  return resolveSpec({ name, members, ssh, tls }, surroundingsOf(reading)).spec;
}
