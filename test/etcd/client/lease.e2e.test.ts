import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openClient, type EtcdClient } from "../../../src/etcd/client.js";
import { testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";

describe.each(testedVersions)("leases of etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;

  beforeAll(async () => {
    etcd = await realEtcd({ version, tls: false });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => undefined });
  });
  afterAll(async () => {
    await client?.close();
    await etcd?.remove();
  });

  it("keep their 64-bit ID to the last digit", async () => {
    for (const id of [0x7fff_ffff_ffff_ffffn, (1n << 53n) + 1n, 0x1234_5678_9abc_def1n]) {
      expect((await client.lease.grant(60n, id)).ID).toBe(id);
      await client.kv.put("leased", "x", { lease: id });
      expect((await client.kv.range("leased")).kvs[0]?.lease).toBe(id);
      expect((await etcd.etcdctl("lease", "timetolive", id.toString(16))).stdout).toContain(
        `lease ${id.toString(16).padStart(16, "0")} granted`,
      );
      expect((await client.lease.leases()).leases.map(({ ID }) => ID)).toContain(id);
      await client.lease.revoke(id);
    }
    expect((await client.kv.range("leased")).count).toBe(0n);
  });

  it("tell how long they live and which keys hang on them", async () => {
    const { ID } = await client.lease.grant(100n);
    await client.kv.put("hanging", "x", { lease: ID });
    const answer = await client.lease.timeToLive(ID, { keys: true });
    expect(answer.grantedTTL).toBe(100n);
    expect(answer.TTL).toBeGreaterThan(50n);
    expect(answer.keys.map((key) => Buffer.from(key).toString())).toEqual(["hanging"]);
  });

  it("are kept alive one time", async () => {
    const { ID } = await client.lease.grant(100n);
    expect(await client.lease.keepAliveOnce(ID)).toMatchObject({ ID, TTL: 100n });
  });

  it("that are gone say so", async () => {
    await expect(client.lease.keepAliveOnce(42n)).rejects.toMatchObject({ kind: "status", status: 5 });
    await expect(client.lease.revoke(42n)).rejects.toMatchObject({ kind: "status", status: 5 });
    expect((await client.lease.timeToLive(42n)).TTL).toBe(-1n);
  });
});
