/**
 * Proving health: our command against `etcdctl endpoint health`, and our library against the cheapest possible read.
 */
import { join } from "node:path";
import { openWorld, loadSpec } from "../../src/index.js";
import { execute } from "../../test/lab/execute.js";
import { etcdFolder } from "../../test/support/etcd-binaries.js";
import { openSession, readOn } from "../anchors/raw-read.js";
import { quorate } from "../as-installed.js";
import type { Case } from "../cases.js";
import { LocalCluster, version } from "../local-cluster.js";
import { median, takeTurns, type Figure } from "../measure.js";

/** The slowest `took = ` of an output, milliseconds. */
function slowestTook(output: string): number {
  const units: Readonly<Record<string, number>> = { µs: 0.001, ms: 1, s: 1000 };
  const took = [...output.matchAll(/took = ([\d.]+)(µs|ms|s)\b/g)].map(
    (found) => Number(found[1]) * (units[found[2] ?? ""] ?? Number.NaN),
  );
  if (took.length !== 3) throw new Error(`three health lines expected:\n${output}`);
  return Math.max(...took);
}

export const health: Case = {
  name: "health",
  title: "proving that three members can commit",
  needsLab: false,
  runs: 101,
  async measure(runs) {
    const cluster = await LocalCluster.of(3);
    try {
      await cluster.quorate("up", "--yes");
      return [...(await commands(cluster, runs)), await library(cluster, runs * 5)];
    } finally {
      await cluster.remove();
    }
  },
};

const environmentIn = (exported: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...exported.matchAll(/^export (\w+)="([^"\n]*)"$/gm)].map((found) => [found[1] ?? "", found[2] ?? ""]),
  );

async function commands(cluster: LocalCluster, runs: number): Promise<Figure[]> {
  // Told once, so that nothing but the two that are compared runs in between.
  const env = environmentIn((await cluster.quorate("export", "etcdctl")).stdout);
  const etcdctl = join(etcdFolder(version), "etcdctl");
  const printed = { ours: [] as number[], anchor: [] as number[] };
  const ours = async (): Promise<number> => {
    const ended = await quorate(cluster.folder, "health");
    printed.ours.push(slowestTook(ended.stdout));
    return ended.took;
  };
  const anchor = async (): Promise<number> => {
    const ended = await execute([etcdctl, "endpoint", "health"], { env });
    if (ended.code !== 0) throw new Error(`etcdctl ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    printed.anchor.push(slowestTook(`${ended.stdout}${ended.stderr}`));
    return ended.took;
  };
  const taken = await takeTurns(runs, ours, anchor);
  return [
    {
      name: "health-cli",
      kind: "ratio",
      limit: 2,
      ...taken,
      what: "`quorate health` ÷ `etcdctl endpoint health` with three endpoints, whole processes",
    },
    { name: "health-took", kind: "ratio", limit: 1, ...printed, what: "the slowest `took` that each of them prints" },
  ];
}

/** Each sample is the middle of a few reads: one read is too short for a scheduler's whims. */
async function library(cluster: LocalCluster, runs: number): Promise<Figure> {
  const world = await openWorld(await loadSpec(cluster.file));
  const identity = await world.authority.client();
  if (identity === undefined) throw new Error("the cluster has no client identity");
  const sessions = await Promise.all(cluster.clientUrls.map((url) => openSession(url, identity)));
  const slowest = async (read: () => Promise<number[]>): Promise<number> => {
    const times: number[] = [];
    for (let sample = 0; sample < 5; sample += 1) times.push(Math.max(...(await read())));
    return median(times);
  };
  const deadline = 5_000;
  const ours = (): Promise<number> =>
    slowest(() =>
      Promise.all(
        cluster.clientUrls.map(async (url) => (await world.cluster.member(url).proveQuorum(deadline)).tookMilliseconds),
      ),
    );
  const anchor = (): Promise<number> =>
    slowest(() => Promise.all(sessions.map((session) => readOn(session, deadline))));
  try {
    for (let warmUp = 0; warmUp < 20; warmUp += 1) await Promise.all([ours(), anchor()]);
    const taken = await takeTurns(runs, ours, anchor);
    return {
      name: "health-lib",
      kind: "ratio",
      limit: 1.2,
      ...taken,
      what: "library health of three members, connections warm ÷ the slowest raw linearizable read",
    };
  } finally {
    for (const session of sessions) session.close();
    await world.close();
  }
}
