/** The floor of a rolling restart: each process ended and started again, one after the other, and nothing else done. */
import { timed } from "../measure.js";
import type { BareCluster } from "./bare-cluster.js";

/** @returns milliseconds: the sum, over all members, of SIGTERM → exit and exec → a linearizable read answered by it */
export async function rollBare(cluster: BareCluster): Promise<number> {
  let sum = 0;
  for (const member of cluster.members) {
    sum += await timed(async () => {
      await cluster.exit(member, "SIGTERM");
      cluster.exec(member);
      await cluster.serving(member);
    });
  }
  return sum;
}
