/** Every member's certificates are renewed while clients do nothing but handshakes. */
import type { Case } from "../cases.js";
import { termOf } from "../clients.js";
import { fingerprintAt, whileShakingHands } from "../handshakes.js";
import { LocalCluster } from "../local-cluster.js";
import type { Figure } from "../measure.js";

const clients = 4;
/** Milliseconds of handshakes before and after, in which nothing else happens. */
const around = 1_000;
interface Renewal {
  readonly handshakes: number;
  readonly failed: number;
  readonly restarts: number;
  readonly terms: number;
}

export const renew: Case = {
  name: "renew",
  title: `certificates of all members are renewed under ${clients} clients that do nothing but handshakes`,
  needsLab: false,
  runs: 5,
  async measure(runs) {
    const cluster = await LocalCluster.of(3);
    const renewals: Renewal[] = [];
    try {
      await cluster.quorate("up", "--yes");
      for (let run = 0; run < runs; run += 1) renewals.push(await renewed(cluster));
    } finally {
      await cluster.remove();
    }
    const handshakes = renewals.reduce((sum, renewal) => sum + renewal.handshakes, 0);
    const count = (name: string, what: string, ours: readonly number[]): Figure => ({
      ...{ name, kind: "count", limit: 0, ours, anchor: [], what },
    });
    return [
      count(
        "renew-failed",
        `failed handshakes of ${handshakes} in all runs`,
        renewals.map(({ failed }) => failed),
      ),
      count(
        "renew-restarts",
        "processes that are others than before",
        renewals.map(({ restarts }) => restarts),
      ),
      count(
        "renew-terms",
        "raft terms that went by",
        renewals.map(({ terms }) => terms),
      ),
    ];
  },
};

async function renewed(cluster: LocalCluster): Promise<Renewal> {
  const identity = await cluster.identity();
  const look = async (): Promise<{ shown: string[]; pids: number[]; term: number }> => ({
    shown: await Promise.all(cluster.clientUrls.map((url) => fingerprintAt(url, identity))),
    pids: cluster.names.map((name) => cluster.pid(name)),
    term: await termOf(cluster),
  });
  const before = await look();
  const { tried, failures } = await whileShakingHands(cluster.clientUrls, identity, clients, async () => {
    await new Promise((resolve) => setTimeout(resolve, around));
    await cluster.quorate("certs", "renew", "--force", "--yes");
    await new Promise((resolve) => setTimeout(resolve, around));
  });
  const after = await look();
  const same = after.shown.filter((fingerprint, index) => fingerprint === before.shown[index]);
  if (same.length > 0) throw new Error(`${same.length} members show the certificate that they had`);
  if (tried < 100) throw new Error(`${tried} handshakes are too few to tell`);
  for (const failure of new Set(failures)) console.error(`  ${failure}`);
  return {
    handshakes: tried,
    failed: failures.length,
    restarts: after.pids.filter((pid, index) => pid !== before.pids[index]).length,
    terms: after.term - before.term,
  };
}
