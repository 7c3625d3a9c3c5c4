/** Keeps a lease alive, with a key that would be gone as soon as the lease ran out once. */
import { pause, request, type ClientSet } from "./client-set.js";
import { leaseKey } from "./keys.js";

/** Seconds, and milliseconds between keep-alives: four in a row may fail. */
const ttl = 10n;
const interval = 2_000;

export async function holdLease(set: ClientSet): Promise<void> {
  const key = leaseKey(set.prefix);
  // A chosen ID makes granting it something that can be asked for twice.
  const id = BigInt(Date.now()) * 4096n + BigInt(Math.floor(Math.random() * 4096));
  const granted = await request(set, (client, call) =>
    client.lease.timeToLive(id, {}, call).then(({ TTL }) => (TTL > 0n ? undefined : client.lease.grant(ttl, id, call))),
  );
  const put = await request(set, (client, call) => client.kv.put(key, "held", { lease: id }, call));
  let failure = granted.failure ?? put.failure;
  let keepAlives = 0;
  while (!set.ending.aborted && failure === undefined) {
    await pause(interval, set.ending);
    const kept = await request(set, (client, call) => client.lease.keepAliveOnce(id, call));
    failure = kept.failure;
    keepAlives += 1;
  }
  if (failure === undefined) {
    const { answer, failure: unread } = await request(set, (client, call) => client.kv.range(key, {}, call));
    failure = unread ?? (answer?.kvs[0]?.lease === id ? undefined : "the key of the lease is gone");
  }
  await request(set, (client, call) => client.lease.revoke(id, call));
  set.recorder.lease({ keepAlives, failure });
}
