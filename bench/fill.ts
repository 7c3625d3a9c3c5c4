/** Gives a cluster a database of half a gigabyte, the size that the floors are known for. */
import { op, openClient } from "../src/etcd/client.js";
import { asSoonAsAllowed } from "./as-soon-as-allowed.js";
import type { Identity } from "./anchors/raw-read.js";

/** Keys of 2 kB: as many as make 494 MB of database. */
const keys = 120_000;
const valueBytes = 2_000;
/** Keys in one transaction (etcd takes 128), and transactions under way at once. */
const together = 120;
const parallel = 4;

/** Takes about half a minute. @throws Error when a write fails */
export async function fill(url: string, identity: Identity | undefined): Promise<void> {
  const client = openClient(url, { tls: async () => identity, deadline: 60_000 });
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let from = next; from < keys; from = next) {
      next += together;
      const value = Buffer.alloc(valueBytes, `${from} `);
      const puts = Array.from({ length: Math.min(together, keys - from) }, (_, index) =>
        op.put(`fill/${from + index}`, value),
      );
      // So much at once can cost a leader its place; the same keys can be put again.
      await asSoonAsAllowed(() => client.kv.txn({ success: puts }));
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, lane));
  } finally {
    await client.close();
  }
}
