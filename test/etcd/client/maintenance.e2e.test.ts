import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AlarmType, etcdErrorName, openClient, type EtcdClient } from "../../../src/etcd/client.js";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { openCluster } from "../../../src/etcd/grpc-cluster.js";
import { etcdFolder, testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";

describe.each(testedVersions)("maintenance of etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;

  beforeAll(async () => {
    etcd = await realEtcd({ version });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
    for (let index = 0; index < 40; index += 1) await client.kv.put(`k${index}`, Buffer.alloc(100_000, index));
  });
  afterAll(async () => {
    await client?.close();
    await etcd?.remove();
  });

  it("streams a snapshot that etcd's own tool can read", async () => {
    const file = join(etcd.folder, "snapshot.db");
    await pipeline(Readable.from(client.maintenance.snapshot()), createWriteStream(file));
    const newTool = join(etcdFolder(version), "etcdutl");
    const tool = existsSync(newTool) ? newTool : join(etcdFolder(version), "etcdctl");
    const status = JSON.parse(execFileSync(tool, ["snapshot", "status", file, "-w", "json"], { encoding: "utf8" })) as {
      totalKey: number;
    };
    expect(status.totalKey).toBeGreaterThanOrEqual(40);
  });

  it("stops streaming when the reader has had enough, and goes on serving", async () => {
    for await (const part of client.maintenance.snapshot()) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    expect((await client.maintenance.status()).version).toBe(version);
  });

  it("hashes the keys at a revision", async () => {
    const { header } = await client.kv.put("hashed", "x");
    const revision = header?.revision ?? 0n;
    const first = await client.maintenance.hashKv(revision);
    await client.kv.put("later", "x");
    expect(await client.maintenance.hashKv(revision)).toMatchObject({
      hash: first.hash,
      compactRevision: first.compactRevision,
    });
    expect((await client.maintenance.hashKv(0n)).hash).not.toBe(first.hash);
  });

  it("defragments", async () => {
    const { header } = await client.kv.deleteRange("k", { rangeEnd: "l" });
    await client.kv.compact(header?.revision ?? 0n, { physical: true });
    const before = await client.maintenance.status();
    await client.maintenance.defragment();
    expect((await client.maintenance.status()).dbSize).toBeLessThan(before.dbSize);
  });

  it("raises an alarm, shows it everywhere, and disarms it", async () => {
    const { header } = await client.maintenance.status();
    const memberId = header?.memberId ?? 0n;
    await client.maintenance.activateAlarm(memberId, AlarmType.NOSPACE);
    const cluster = openCluster({ tls: async () => etcd.tls });
    try {
      const member = cluster.member(client.url);
      expect(await member.alarms(5000)).toEqual([{ memberId: memberId.toString(16), kind: "NOSPACE" }]);
      // Reads go on, as etcdctl's proof of health does.
      await member.proveQuorum(5000);
      expect((await member.status(5000)).errors).toEqual([expect.stringContaining("NOSPACE")]);
    } finally {
      await cluster.close();
    }
    const refused: unknown = await client.kv.put("more", "x").catch((error: unknown) => error);
    expect(refused instanceof EtcdError && etcdErrorName(refused)).toBe("NoSpace");
    await client.maintenance.deactivateAlarm(memberId, AlarmType.NOSPACE);
    expect((await client.maintenance.alarms()).alarms).toEqual([]);
    await client.kv.put("more", "x");
  });

  it("refuses what this version cannot do, and what makes no sense", async () => {
    const name = async (promise: Promise<unknown>): Promise<unknown> => {
      const error: unknown = await promise.catch((reason: unknown) => reason);
      return error instanceof EtcdError ? (etcdErrorName(error) ?? error.status) : error;
    };
    expect(await name(client.maintenance.moveLeader(42n))).toBe("BadLeaderTransferee");
    // 3.4 does not know the RPC at all.
    expect(await name(client.maintenance.downgrade("validate", "nonsense"))).toBe(
      version.startsWith("3.4") ? 12 : "WrongDowngradeVersionFormat",
    );
  });
});
