/** The cluster's API alone, without hosts, releases or a planner: what `health` needs, and no more. */
import { resolve } from "node:path";
import { QuorateError } from "../errors.js";
import type { Cluster } from "../etcd/cluster.js";
import { proveHealth, type Health } from "../observe/health.js";
import { openClusterOf, openClusterWith } from "../open-cluster.js";
import { readCard, type EndpointsCard } from "./endpoints-card.js";
import type { Session } from "./session.js";

export interface Proved {
  readonly cluster: string;
  readonly health: Health;
}

/** @param deadline milliseconds per member */
export type Prove = (deadline: number) => Promise<Proved>;

export interface OpenCluster {
  readonly name: string;
  readonly members: EndpointsCard["members"];
  readonly cluster: Cluster;
}

/** @throws QuorateError E_NOT_SERVING when there is no certificate to ask with, as before the first `up` */
export const inCluster = <T>(session: Session, work: (prove: Prove) => Promise<T>): Promise<T> =>
  withCluster(session, ({ name, members, cluster }) =>
    work(async (deadline) => ({ cluster: name, health: await proveHealth({ members }, cluster, deadline) })),
  );

/** @throws QuorateError E_NOT_SERVING when there is no certificate to ask with, as before the first `up` */
export async function withCluster<T>(session: Session, work: (open: OpenCluster) => Promise<T>): Promise<T> {
  const open = await openIt(session);
  try {
    return await work(open);
  } finally {
    await open.cluster.close();
  }
}

async function openIt(session: Session): Promise<OpenCluster> {
  const card = readCard(resolve(session.terminal.cwd, session.file));
  const quick = card === undefined ? undefined : openClusterWith(card.identity);
  if (card !== undefined && quick !== undefined) return { name: card.cluster, members: card.members, cluster: quick };
  const { specOf } = await import("./world.js");
  const spec = await specOf(session);
  const cluster = await openClusterOf(spec);
  if (cluster !== undefined) return { name: spec.name, members: spec.members, cluster };
  throw new QuorateError("E_NOT_SERVING", `${spec.name} has no client certificate here yet`, {
    next: "make the cluster with `quorate up`",
  });
}
