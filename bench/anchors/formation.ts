/** The floor of forming a cluster: the same processes, started in the best known order by nothing but spawn. */
import { BareCluster } from "./bare-cluster.js";

/**
 * Form a cluster of `size` members on loopback with mutual TLS, and take it down again.
 * @returns milliseconds from the first exec until every member has answered a linearizable read
 */
export async function formBare(etcd: string, size: number): Promise<number> {
  const cluster = await BareCluster.of(etcd, size);
  try {
    return await cluster.form();
  } finally {
    await cluster.remove();
  }
}
