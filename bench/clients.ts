/** Ordinary clients of a local cluster, in a process of their own, while something is done to it. */
import { spawn, type ChildProcess } from "node:child_process";
import type { ProcessOptions } from "../src/drill/workload-process.js";
import type { Verdict } from "../src/drill/verdict.js";
import { verdictLine } from "../src/render/verdict-line.js";
import { clientOptions, startClients } from "../test/support/workload-child.js";
import type { LocalCluster } from "./local-cluster.js";
import { timed } from "./measure.js";

/** Milliseconds for the clients to settle before anything is done. */
const settle = 1_000;

export interface UnderLoad extends Partial<ProcessOptions> {
  /** What the clients are started with. */
  readonly launcher?: readonly string[];
}

/**
 * Has clients at work while `act` lasts, and as long again while nothing is done.
 * @throws Error when an acknowledged write was lost, a read went back, or the clients hardly had anything to do
 */
export async function underLoad(
  cluster: LocalCluster,
  act: () => Promise<unknown>,
  { launcher = [], ...options }: UnderLoad = {},
): Promise<Verdict> {
  const exported = (await cluster.quorate("export", "etcdctl")).stdout;
  const start = (argv: readonly string[]): ChildProcess => {
    const [command = "", ...args] = [...launcher, ...argv];
    return spawn(command, args, { stdio: "pipe" });
  };
  const clients = await startClients(start, { ...clientOptions(exported), pace: 10, ...options });
  try {
    await clients.during("settling", () => new Promise((resolve) => setTimeout(resolve, settle)));
    const length = await timed(() => clients.during("change", act));
    await clients.control(length);
    const verdict = await clients.stop({ failed: Number.MAX_SAFE_INTEGER });
    console.error(`  ${verdictLine(verdict)}`);
    if (verdict.outcome !== "held") throw new Error(JSON.stringify(verdict.findings));
    return verdict;
  } finally {
    await clients.kill();
  }
}

/** The raft term; it grows with every election and every hand-over. @throws Error when the members do not agree */
export async function termOf(cluster: LocalCluster): Promise<number> {
  const told = (await cluster.etcdctl("endpoint", "status", "-w", "json")).stdout;
  const terms = (JSON.parse(told) as { Status: { raftTerm: number } }[]).map(({ Status }) => Status.raftTerm);
  if (new Set(terms).size !== 1) throw new Error(`the members are in terms ${terms.join(", ")}`);
  return terms[0] ?? 0;
}
