/** The floor of replacing a dead member: a learner that is started and caught up, and nothing else. */
import { rmSync } from "node:fs";
import { openClient, type EtcdClient } from "../../src/etcd/client.js";
import { asSoonAsAllowed } from "../as-soon-as-allowed.js";
import { timed } from "../measure.js";
import type { BareCluster } from "./bare-cluster.js";

/** Milliseconds for which etcd wants its members connected before it lets any be added (HealthInterval). */
const gate = 5_000;

/**
 * The last member dies with its disk and is put in place again.
 * @returns milliseconds: etcd's gate, and exec of the learner → it is a voter and has answered a linearizable read
 */
export async function replaceBare(cluster: BareCluster): Promise<number> {
  const [first, last] = [cluster.members[0], cluster.members.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error("two members are needed");
  const client = openClient(first.client, { tls: async () => cluster.identity, deadline: 20_000 });
  try {
    await cluster.exit(last, "SIGKILL");
    rmSync(last.data, { recursive: true });
    const { members } = await asSoonAsAllowed(() => client.cluster.list()); // the one that died may have led
    const dead = members.find(({ name }) => name === last.name);
    if (dead === undefined) throw new Error(`${last.name} is not listed`);
    await asSoonAsAllowed(() => client.cluster.remove(dead.ID));
    const added = await asSoonAsAllowed(() => client.cluster.addLearner([last.peer]));
    const catchUp = await timed(async () => {
      cluster.exec(last, "existing");
      await promoted(client, added.member?.ID ?? 0n);
      await cluster.serving(last);
    });
    return gate + catchUp;
  } finally {
    await client.close();
  }
}

const promoted = (client: EtcdClient, id: bigint): Promise<unknown> =>
  asSoonAsAllowed(() => client.cluster.promote(id));
