/** A member dies with its disk, and `quorate up` puts another in its place. */
import { join } from "node:path";
import { etcdFolder } from "../../test/support/etcd-binaries.js";
import { BareCluster } from "../anchors/bare-cluster.js";
import { replaceBare } from "../anchors/replacement.js";
import { circumstances, disksApart, processorApart } from "../apart.js";
import type { Case } from "../cases.js";
import { underLoad } from "../clients.js";
import { fill } from "../fill.js";
import { LocalCluster, version } from "../local-cluster.js";
import { takeTurns, type Figure } from "../measure.js";

/** Three empty databases, and three write-ahead logs of two files of 64 MB. */
const room = 1e9;

export const replace: Case = {
  name: "replace",
  title: "a member that died with its disk is replaced",
  needsLab: false,
  runs: 3,
  async measure(runs) {
    const cluster = await LocalCluster.of(3);
    const bare = await BareCluster.of(join(etcdFolder(version), "etcd"), 3);
    try {
      await cluster.quorate("up", "--yes");
      await bare.form();
      return [await empty(cluster, runs), ...(await noticed(runs)), await large(cluster, bare, runs)];
    } finally {
      await bare.remove();
      await cluster.remove();
    }
  },
};

/** @returns milliseconds of the whole process */
async function replaceLast(cluster: LocalCluster): Promise<number> {
  await cluster.lose("m3");
  return (await cluster.quorate("up", "--yes")).took;
}

async function empty(cluster: LocalCluster, runs: number): Promise<Figure> {
  const took: number[] = [];
  for (let run = 0; run < runs * 3; run += 1) took.push(await replaceLast(cluster));
  const what = "`quorate up` after a member of an empty cluster has lost its disk, whole process";
  return { name: "replace-empty", kind: "time", limit: 7_000, ours: took, anchor: [], what };
}

/** What clients see of it, on a cluster of its own. */
async function noticed(runs: number): Promise<Figure[]> {
  const [disks, launcher] = [disksApart(room), processorApart()];
  const cluster = await LocalCluster.of(3, disks);
  const gap = { ours: [] as number[], anchor: [] as number[] };
  const failed: number[] = [];
  try {
    await cluster.quorate("up", "--yes");
    for (let run = 0; run < runs * 3; run += 1) {
      await cluster.lose("m3");
      const verdict = await underLoad(cluster, () => cluster.quorate("up", "--yes"), { launcher });
      failed.push(verdict.failed);
      gap.ours.push(verdict.comparison?.change.longest ?? Number.NaN);
      gap.anchor.push(verdict.comparison?.control.longest ?? Number.NaN);
    }
  } finally {
    await cluster.remove();
  }
  return [
    {
      // It is over in a second or two, so both gaps are of few writes; an election would be more than ten times one.
      ...{ name: "replace-gap", kind: "ratio", limit: 3, ...gap },
      what: `longest time without a write, during that ÷ during as long a control; ${circumstances(disks, launcher)}`,
    },
    {
      ...{ name: "replace-failed", kind: "count", limit: 0, ours: failed, anchor: [] },
      what: "requests that failed at clients that try again",
    },
  ];
}

async function large(cluster: LocalCluster, bare: BareCluster, runs: number): Promise<Figure> {
  const [url = "", bareUrl = ""] = [cluster.clientUrls[0], bare.members[0]?.client];
  await fill(url, await cluster.identity());
  await fill(bareUrl, bare.identity);
  const taken = await takeTurns(
    runs,
    () => replaceLast(cluster),
    () => replaceBare(bare),
  );
  const what = "the same with 494 MB of data ÷ (etcd's gate of 5 s + exec of a bare learner → voter that serves)";
  return { name: "replace", kind: "ratio", limit: 1.2, ...taken, what };
}
