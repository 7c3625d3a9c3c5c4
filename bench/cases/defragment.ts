/** Every member's database is written anew: what clients notice of it. */
import { circumstances, disksApart, processorApart } from "../apart.js";
import type { Case } from "../cases.js";
import { termOf, underLoad } from "../clients.js";
import { fill } from "../fill.js";
import { LocalCluster } from "../local-cluster.js";
import type { Figure } from "../measure.js";

/** Three databases and write-ahead logs of half a gigabyte each, and one more database while one is written anew. */
const room = 5e9;

export const defragment: Case = {
  name: "defragment",
  title: "all members of a cluster with 494 MB are defragmented",
  needsLab: false,
  runs: 5,
  async measure(runs) {
    const [disks, launcher] = [disksApart(room), processorApart()];
    const cluster = await LocalCluster.of(3, disks);
    const gap = { ours: [] as number[], anchor: [] as number[] };
    const [waits, failed, terms]: [number[], number[], number[]] = [[], [], []];
    try {
      await cluster.quorate("up", "--yes");
      await fill(cluster.clientUrls[0] ?? "", await cluster.identity());
      for (let run = 0; run < runs; run += 1) {
        const before = await termOf(cluster);
        // A member answers nobody while it is defragmented. Clients that keep to one member each are not all caught.
        const act = (): Promise<unknown> => cluster.quorate("defrag", "--force", "--yes");
        const verdict = await underLoad(cluster, act, { spread: "home", launcher });
        const { comparison } = verdict;
        if (comparison === undefined) throw new Error("there was no control interval");
        gap.ours.push(comparison.change.longest);
        gap.anchor.push(comparison.control.longest);
        waits.push(comparison.change.writer);
        failed.push(verdict.failed);
        terms.push((await termOf(cluster)) - before);
      }
    } finally {
      await cluster.remove();
    }
    const plain = { anchor: [] };
    return [
      {
        ...{ name: "defragment-gap", kind: "ratio", limit: 1.5, ...gap },
        what: `longest time without a write, while all members are defragmented ÷ during as long a control; ${circumstances(disks, launcher)}`,
      },
      {
        ...{ name: "defragment-wait", kind: "time", limit: 1_000, ours: waits, ...plain },
        what: "longest wait of one client that happens to ask the member in question, with attempts of 300 ms",
      },
      {
        ...{ name: "defragment-failed", kind: "count", limit: 0, ours: failed, ...plain },
        what: "requests that failed at clients that try again",
      },
      {
        ...{ name: "defragment-terms", kind: "count", limit: 1, ours: terms, ...plain },
        what: "raft terms that it takes: leadership is moved once",
      },
    ] satisfies Figure[];
  },
};
