/**
 * The common names in a cluster's certificates. Free of imports: the planner needs them too.
 */

/** The CN that all peer certificates of a cluster share and no client certificate has: `--peer-cert-allowed-cn`. */
export const peerCommonName = (clusterName: string): string => `${clusterName}-peer`;

/** The same, where the file may name another, as that of a cluster that was built elsewhere. */
export const peerNameOf = ({
  name,
  tls,
}: {
  readonly name: string;
  readonly tls: { readonly peerName?: string | undefined } | undefined;
}): string => tls?.peerName ?? peerCommonName(name);

/** The CN of a cluster's own CA; of one after another each has its own, so that chains are built the right way. */
export const caCommonName = (clusterName: string, index = 1): string =>
  index === 1 ? `${clusterName} etcd CA` : `${clusterName} CA ${index}`;

/** The CN of quorate's own client certificate; with auth on, etcd takes it for the user of that name. */
export const rootCommonName = "root";
