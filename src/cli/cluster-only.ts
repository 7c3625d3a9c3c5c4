/** The cluster's API alone, without hosts, releases or a planner: what `health` needs, and no more. */
import { QuorateError } from "../errors.js";
import { proveHealth, type Health } from "../observe/health.js";
import { openClusterOf } from "../open-cluster.js";
import type { Session } from "./session.js";
import { specOf } from "./world.js";

export type Prove = (deadline: number) => Promise<{ cluster: string; health: Health }>;

/** @throws QuorateError E_NOT_SERVING when there is no certificate to ask with, as before the first `up` */
export async function inCluster<T>(session: Session, work: (prove: Prove) => Promise<T>): Promise<T> {
  const spec = await specOf(session);
  const cluster = await openClusterOf(spec);
  if (cluster === undefined) {
    throw new QuorateError("E_NOT_SERVING", `${spec.name} has no client certificate here yet`, { next: "make the cluster with `quorate up`" });
  }
  try {
    return await work(async (deadline) => ({ cluster: spec.name, health: await proveHealth(spec, cluster, deadline) }));
  } finally {
    await cluster.close();
  }
}
