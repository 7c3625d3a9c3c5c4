import { etcdErrorName } from "../../src/etcd/client.js";
import { EtcdError } from "../../src/etcd/cluster.js";

/**
 * Asks for a change of members until it is answered, be it with a refusal. Raft silently drops a change that is proposed
 * in the instant between the last one's answer and its being marked as applied; the caller then waits for nothing.
 */
export async function configChange<T>(change: (call: { deadline: number }) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change({ deadline: 2000 });
    } catch (error) {
      const lost = error instanceof EtcdError && (error.kind === "deadline" || etcdErrorName(error) === "Timeout");
      if (!lost || attempt === 5) throw error;
    }
  }
}
