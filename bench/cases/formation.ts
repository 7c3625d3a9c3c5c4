/**
 * Forming a cluster on this machine: quorate against a bare harness that starts the same processes in the best known
 * order.
 */
import { join } from "node:path";
import { etcdFolder } from "../../test/support/etcd-binaries.js";
import { formBare } from "../anchors/formation.js";
import type { Case } from "../cases.js";
import { LocalCluster, version, warmCache } from "../local-cluster.js";
import { takeTurns, type Figure } from "../measure.js";

interface Line {
  readonly at: string;
  readonly type: string;
  readonly title?: string;
}

/**
 * Milliseconds of one `quorate up`: of the whole process, and from the order to start the first etcd to the last
 * proof.
 */
async function form(size: number): Promise<{ whole: number; forming: number }> {
  const cluster = await LocalCluster.of(size);
  try {
    const up = await cluster.quorate("up", "--yes", "--json");
    const lines = up.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
    const times = (title: RegExp): number[] =>
      lines
        .filter((line) => line.type === "step-started" && title.test(line.title ?? ""))
        .map((line) => Date.parse(line.at));
    const starts = times(/^start etcd/);
    // A member is noted on its host as soon as it has answered a linearizable read, and not before.
    const proofs = times(/^note that the member/);
    if (starts.length !== size || proofs.length !== size)
      throw new Error(`${size} members, ${starts.length} starts, ${proofs.length} proofs`);
    return { whole: up.took, forming: Math.max(...proofs) - Math.min(...starts) };
  } finally {
    await cluster.discard();
  }
}

export const formation: Case = {
  name: "formation",
  title: "a cluster on this machine, from the first exec to a linearizable read answered by every member",
  needsLab: false,
  // When the election begins is chance, by hundreds of milliseconds: the median of 41 differs by a tenth from time to time.
  runs: 101,
  async measure(runs) {
    await warmCache();
    const etcd = join(etcdFolder(version), "etcd");
    const figures: Figure[] = [];
    for (const size of [3, 5]) {
      const whole: number[] = [];
      const ours = async (): Promise<number> => {
        const formed = await form(size);
        whole.push(formed.whole);
        return formed.forming;
      };
      const taken = await takeTurns(runs, ours, () => formBare(etcd, size));
      const what = `${size} members, first exec → linearizable read answered by every member ÷ the same processes started by hand in the best known order`;
      figures.push({ name: `formation-${size}`, kind: "ratio", limit: 1.1, ...taken, what });
      const fromEmpty = "`quorate up` from an empty folder, whole process − the same floor";
      if (size === 3)
        figures.push({
          name: "local-up",
          kind: "difference",
          limit: 700,
          ours: whole,
          anchor: taken.anchor,
          what: fromEmpty,
        });
    }
    return figures;
  },
};
