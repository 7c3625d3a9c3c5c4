import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openClient,
  prefixEnd,
  type EtcdClient,
  type WatchBatch,
  type WatchOptions,
} from "../../../src/etcd/client.js";
import type { EtcdError } from "../../../src/etcd/cluster.js";
import { testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";
import { until } from "../../support/until.js";

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe.each(testedVersions)("a watch on etcd %s", (version) => {
  let etcd: RealEtcd;
  /** Watches. It takes half a second of silence for a lost connection, so that the tests need not wait long. */
  let client: EtcdClient;
  /** Asks everything else, and is not disturbed when this machine is slow. */
  let patient: EtcdClient;

  beforeAll(async () => {
    etcd = await realEtcd({
      version,
      args: [version.startsWith("3.4") ? "" : "--experimental-watch-progress-notify-interval=200ms"].filter(Boolean),
    });
    client = openClient(etcd.members[0]?.clientUrl ?? "", {
      tls: async () => etcd.tls,
      patience: { connect: 5_000, keepalive: 500, answer: 500 },
    });
    patient = openClient(client.url, { tls: async () => etcd.tls });
  });
  afterAll(async () => {
    await client?.close();
    await patient?.close();
    await etcd?.remove();
  });

  /** A watch that collects what it sees until it is stopped. */
  function follow(key: string, options: WatchOptions = {}) {
    const controller = new AbortController();
    const batches: WatchBatch[] = [];
    const interruptions: EtcdError[] = [];
    const done = (async () => {
      const all = {
        signal: controller.signal,
        onInterruption: (reason: EtcdError) => interruptions.push(reason),
        ...options,
      };
      for await (const batch of client.watch(key, all)) batches.push(batch);
    })();
    done.catch(() => undefined);
    const seen = (): string[] =>
      batches.flatMap(({ events }) =>
        events.map(({ type, kv }) => `${type === 0 ? "put" : "delete"} ${text(kv?.key)}=${text(kv?.value)}`),
      );
    const stop = (): Promise<void> => {
      controller.abort();
      return done;
    };
    return { seen, batches, interruptions, done, stop };
  }

  it("sees every change from a revision on, in order, with what was there before", async () => {
    const { header } = await patient.kv.put("a/1", "x");
    await patient.kv.put("a/1", "y");
    const watch = follow("a/", { rangeEnd: prefixEnd("a/"), startRevision: header?.revision ?? 0n, prevKv: true });
    await patient.kv.deleteRange("a/1");
    await until(() => watch.seen().length === 3);
    expect(watch.seen()).toEqual(["put a/1=x", "put a/1=y", "delete a/1="]);
    expect(text(watch.batches.at(-1)?.events.at(-1)?.prevKv?.value)).toBe("y");
    await watch.stop();
  });

  it("without a revision sees what comes from now on", async () => {
    await patient.kv.put("b", "before");
    const watch = follow("b");
    let turn = 0;
    await until(async () => {
      await patient.kv.put("b", `now ${(turn += 1)}`);
      return watch.seen().length > 0;
    });
    expect(watch.seen()).not.toContain("put b=before");
    await watch.stop();
  });

  it("leaves out what is filtered", async () => {
    const { header } = await patient.kv.put("f", "1");
    const watch = follow("f", { startRevision: header?.revision ?? 0n, filters: [0] });
    await patient.kv.put("f", "2");
    await patient.kv.deleteRange("f");
    await until(() => watch.seen().length > 0);
    expect(watch.seen()).toEqual(["delete f="]);
    await watch.stop();
  });

  it("ends with the loop", async () => {
    const { header } = await patient.kv.put("l", "1");
    for await (const batch of client.watch("l", { startRevision: header?.revision ?? 0n })) {
      expect(batch.revision).toBe(header?.revision);
      break;
    }
    await patient.kv.put("l", "2");
  });

  it("misses nothing and repeats nothing across restarts of the member, a kill among them", async () => {
    const [member] = etcd.members;
    const { header } = await patient.kv.put("r", "0");
    const watch = follow("r", { startRevision: header?.revision ?? 0n });
    const expected = ["put r=0"];
    for (let turn = 1; turn <= 3; turn += 1) {
      await until(() => watch.seen().length === expected.length);
      if (turn === 2) await member?.kill();
      else await member?.stop();
      member?.start();
      await etcd.ready();
      for (const part of ["x", "y"]) {
        await patient.kv.put("r", `${turn}${part}`);
        expected.push(`put r=${turn}${part}`);
      }
    }
    await until(() => watch.seen().length >= expected.length);
    expect(watch.seen()).toEqual(expected);
    expect(watch.interruptions.length).toBeGreaterThanOrEqual(3);
    await watch.stop();
  });

  it("without a revision keeps its first 'now' across a restart before any change", async () => {
    const [member] = etcd.members;
    const watch = follow("n");
    // Nothing tells from outside that the watch has begun; another watch that is asked later and answers does.
    const other = await patient.kv.put("other", "1");
    for await (const _ of client.watch("other", { startRevision: other.header?.revision ?? 0n })) break;
    await member?.stop();
    member?.start();
    await etcd.ready();
    const writer = openClient(client.url, { tls: async () => etcd.tls });
    await writer.kv.put("n", "first");
    await writer.close();
    await until(() => watch.seen().length > 0);
    expect(watch.seen()).toEqual(["put n=first"]);
    await watch.stop();
  });

  it("goes on after the member was frozen", async () => {
    const [member] = etcd.members;
    const { header } = await patient.kv.put("z", "0");
    const watch = follow("z", { startRevision: header?.revision ?? 0n });
    await until(() => watch.seen().length === 1);
    await member?.pause();
    await until(() => watch.interruptions.length > 0);
    member?.resume();
    await until(async () => (await patient.kv.put("z", "1").catch(() => undefined)) !== undefined);
    await until(() => watch.seen().includes("put z=1"));
    await watch.stop();
  });

  it("says so when the history it needs is compacted", async () => {
    const { header } = await patient.kv.put("h", "1");
    await patient.kv.put("h", "2");
    const compacted = (await patient.kv.put("h", "3")).header?.revision ?? 0n;
    await patient.kv.compact(compacted);
    const watch = follow("h", { startRevision: header?.revision ?? 0n });
    await expect(watch.done).rejects.toMatchObject({ name: "CompactedError", compactRevision: compacted, status: 11 });
  });

  it("says so when the history is compacted while it is away", async () => {
    const [member] = etcd.members;
    const { header } = await patient.kv.put("w", "1");
    const watch = follow("w", { startRevision: header?.revision ?? 0n });
    await until(() => watch.seen().length === 1);
    // The watcher's own connection hangs while another goes on writing, as when a network link is cut.
    await member?.pause();
    await until(() => watch.interruptions.length > 0);
    member?.resume();
    const writer = openClient(client.url, { tls: async () => etcd.tls });
    try {
      const changes: bigint[] = [];
      for (let turn = 2; turn < 5; turn += 1)
        changes.push((await writer.kv.put("w", `${turn}`)).header?.revision ?? 0n);
      await writer.kv.compact(changes.at(-1) ?? 0n);
    } finally {
      await writer.close();
    }
    // Either it was back in time and saw them all, or it says what it has lost; never silence, never a gap.
    const outcome = await Promise.race([
      watch.done.catch((error: Error) => error.name),
      until(() => watch.seen().length === 4).then(() => "saw all"),
    ]);
    expect(["CompactedError", "saw all"]).toContain(outcome);
    if (outcome === "saw all") await watch.stop();
  });

  it("of a member that was never reached fails at once", async () => {
    const nobody = openClient("https://127.0.0.1:1", { tls: async () => etcd.tls });
    await expect(nobody.watch("x").next()).rejects.toMatchObject({ kind: "refused", sent: false });
    await nobody.close();
  });

  it("tells how far it has come when asked to", async () => {
    if (version.startsWith("3.4")) {
      // 3.4 has no flag for the interval of ten minutes; that the wish is accepted is all that can be seen.
      const { header } = await patient.kv.put("g", "1");
      const watch = follow("g", { progressNotify: true, startRevision: header?.revision ?? 0n });
      await until(() => watch.seen().length === 1);
      await watch.stop();
      return;
    }
    const watch = follow("g", { progressNotify: true });
    const { header } = await patient.kv.put("elsewhere", "1");
    await until(() =>
      watch.batches.some(({ events, revision }) => events.length === 0 && revision >= (header?.revision ?? 0n)),
    );
    expect(watch.seen()).toEqual([]);
    await watch.stop();
  });
});
