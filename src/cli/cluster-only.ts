/** The cluster's API alone, without hosts, releases or a planner: what `health` needs, and no more. */
import { resolve } from "node:path";
import type { Cluster } from "../etcd/cluster.js";
import { proveHealth, type Health } from "../observe/health.js";
import { accessTo, accessWith, openForHealth, openWhole, type Access } from "../open-cluster.js";
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
export async function inCluster<T>(session: Session, work: (prove: Prove) => Promise<T>): Promise<T> {
  const { name, members, access } = await findIn(session);
  const cluster = openForHealth(access);
  try {
    return await work(async (deadline) => ({
      cluster: name,
      health: await proveHealth({ members }, cluster, deadline),
    }));
  } finally {
    access.close();
  }
}

/** @throws QuorateError E_NOT_SERVING when there is no certificate to ask with, as before the first `up` */
export async function withCluster<T>(session: Session, work: (open: OpenCluster) => Promise<T>): Promise<T> {
  const { name, members, access } = await findIn(session);
  try {
    const cluster = await openWhole(access);
    try {
      return await work({ name, members, cluster });
    } finally {
      await cluster.close();
    }
  } finally {
    access.close();
  }
}

interface Found {
  readonly name: string;
  readonly members: EndpointsCard["members"];
  readonly access: Access;
}

async function findIn(session: Session): Promise<Found> {
  const card = readCard(resolve(session.terminal.cwd, session.file));
  const kept = card === undefined ? undefined : accessWith(card.identity);
  if (card !== undefined && kept !== undefined) return { name: card.cluster, members: card.members, access: kept };
  const { specOf } = await import("./world.js");
  const spec = await specOf(session);
  const access = await accessTo(spec);
  if (access !== undefined) return { name: spec.name, members: spec.members, access };
  const { QuorateError } = await import("../errors.js");
  throw new QuorateError("E_NOT_SERVING", `${spec.name} has no client certificate here yet`, {
    next: "make the cluster with `quorate up`",
  });
}
