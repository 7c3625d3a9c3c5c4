/** A setting is changed on a running cluster: how long that takes, and what clients notice of it. */
import { join } from "node:path";
import { etcdFolder } from "../../test/support/etcd-binaries.js";
import { BareCluster } from "../anchors/bare-cluster.js";
import { rollBare } from "../anchors/rolling.js";
import { circumstances, disksApart, processorApart } from "../apart.js";
import type { Case } from "../cases.js";
import { termOf, underLoad } from "../clients.js";
import { LocalCluster, version } from "../local-cluster.js";
import { takeTurns, type Figure } from "../measure.js";

interface Line {
  readonly at: string;
  readonly type: string;
  readonly step?: string;
  readonly title?: string;
}

/** Three small databases, and three write-ahead logs of two files of 64 MB. */
const room = 1e9;

/** Another value each time, so that every `up` has to restart every member. */
let value = 10_000;

/**
 * Change one setting of all members. @returns milliseconds: of the whole process, and from the first member's stop, or
 * the hand-over before it, to the last proof
 */
async function change(cluster: LocalCluster): Promise<{ whole: number; rolling: number }> {
  cluster.write({ "snapshot-count": (value += 1) });
  const up = await cluster.quorate("up", "--yes", "--json");
  const lines = up.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const started = lines.filter((line) => line.type === "step-started" && /^(restart|hand)/.test(line.title ?? ""));
  const steps = new Set(started.map((line) => line.step));
  const done = lines.filter((line) => line.type === "step-done" && steps.has(line.step));
  const restarts = started.filter((line) => line.title?.startsWith("restart")).length;
  if (restarts !== 3 || done.length !== started.length)
    throw new Error(`${restarts} restarts, ${started.length} steps, ${done.length} of them done\n${up.stdout}`);
  const times = (list: readonly Line[]): number[] => list.map((line) => Date.parse(line.at));
  return { whole: up.took, rolling: Math.max(...times(done)) - Math.min(...times(started)) };
}

export const rolling: Case = {
  name: "rolling",
  title: "a setting is changed on a running cluster, member after member",
  needsLab: false,
  runs: 5,
  async measure(runs) {
    const cluster = await LocalCluster.of(3);
    try {
      await cluster.quorate("up", "--yes");
      return [...(await duration(cluster, runs)), ...(await noticed(runs))];
    } finally {
      await cluster.remove();
    }
  },
};

async function duration(cluster: LocalCluster, runs: number): Promise<Figure[]> {
  const bare = await BareCluster.of(join(etcdFolder(version), "etcd"), 3);
  const whole: number[] = [];
  try {
    await bare.form();
    const ours = async (): Promise<number> => {
      const changed = await change(cluster);
      whole.push(changed.whole);
      return changed.rolling;
    };
    const taken = await takeTurns(runs * 3, ours, () => rollBare(bare));
    const floor = "SIGTERM → exit and exec → linearizable read of the same processes, summed";
    return [
      { name: "rolling", kind: "ratio", limit: 1.3, ...taken, what: `first stop → last proof ÷ ${floor}` },
      {
        ...{ name: "rolling-up", kind: "difference", limit: 1_200, ours: whole, anchor: taken.anchor },
        what: `\`quorate up\` that changes a setting of three members, whole process − ${floor}`,
      },
    ];
  } finally {
    await bare.remove();
  }
}

/** What clients see of it, on a cluster of its own. */
async function noticed(runs: number): Promise<Figure[]> {
  const [disks, launcher] = [disksApart(room), processorApart()];
  const cluster = await LocalCluster.of(3, disks);
  const gap = { ours: [] as number[], anchor: [] as number[] };
  const all = { ours: [] as number[], anchor: [] as number[] };
  const failed: number[] = [];
  const terms: number[] = [];
  try {
    await cluster.quorate("up", "--yes");
    for (let run = 0; run < runs; run += 1) {
      const before = await termOf(cluster);
      const verdict = await underLoad(cluster, () => change(cluster), { launcher });
      terms.push((await termOf(cluster)) - before);
      failed.push(verdict.failed);
      if (verdict.comparison === undefined) throw new Error("there was no control interval");
      gap.ours.push(verdict.comparison.change.writer);
      gap.anchor.push(verdict.comparison.control.writer);
      all.ours.push(verdict.comparison.change.longest);
      all.anchor.push(verdict.comparison.control.longest);
    }
  } finally {
    await cluster.remove();
  }
  const during = `during the change ÷ during as long a control; ${circumstances(disks, launcher)}`;
  return [
    { name: "rolling-gap", kind: "ratio", limit: 1.5, ...all, what: `longest time without a write, ${during}` },
    { name: "rolling-wait", kind: "ratio", limit: 1.5, ...gap, what: "the same for the writer that waits longest" },
    { ...count("rolling-failed", failed), limit: 0, what: "requests that failed at clients that try again" },
    { ...count("rolling-terms", terms), limit: 1, what: "raft terms that a change takes: leadership is moved once" },
  ];
}

const count = (name: string, ours: readonly number[]): Pick<Figure, "name" | "kind" | "ours" | "anchor"> => ({
  ...{ name, kind: "count", ours, anchor: [] },
});
