import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, etcdErrorName, op, openClient, prefixEnd, type EtcdClient } from "../../../src/etcd/client.js";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

async function nameOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return error instanceof EtcdError ? etcdErrorName(error) : String(error);
}

describe.each(testedVersions)("keys and values of etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;

  beforeAll(async () => {
    etcd = await realEtcd({ version });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
  });
  afterAll(async () => {
    await client?.close();
    await etcd?.remove();
  });

  it("are written and read as etcdctl does", async () => {
    const { header } = await client.kv.put("greeting", "grüß dich");
    expect((await etcd.etcdctl("get", "--print-value-only", "greeting")).stdout).toBe("grüß dich\n");
    await etcd.etcdctl("put", "greeting", "hello");
    const { kvs, count } = await client.kv.range("greeting");
    expect(count).toBe(1n);
    expect(text(kvs[0]?.value)).toBe("hello");
    expect(kvs[0]?.version).toBe(2n);
    expect(kvs[0]?.createRevision).toBe(header?.revision);
  });

  it("are any bytes, the empty value included", async () => {
    const key = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);
    await client.kv.put(key, "");
    const { kvs } = await client.kv.range(key);
    expect(Buffer.from(kvs[0]?.key ?? []).equals(key)).toBe(true);
    expect(kvs[0]?.value).toHaveLength(0);
  });

  it("of a megabyte arrive whole", async () => {
    const value = Buffer.alloc(1 << 20, "0123456789abcdef");
    await client.kv.put("large", value);
    expect(Buffer.from((await client.kv.range("large")).kvs[0]?.value ?? []).equals(value)).toBe(true);
    expect(await nameOf(client.kv.put("too-large", Buffer.alloc(1_900_000)))).toBe("RequestTooLarge");
  });

  it("are read by prefix, in order, with limit, at an old revision, and counted only", async () => {
    for (const name of ["b", "a", "c"]) await client.kv.put(`p/${name}`, name);
    const before = (await client.kv.put("p/d", "d")).header?.revision ?? 0n;
    await client.kv.deleteRange("p/a", { prevKv: true });
    const all = { rangeEnd: prefixEnd("p/") };
    const names = async (options: object): Promise<string[]> =>
      (await client.kv.range("p/", { ...all, ...options })).kvs.map(({ key }) => text(key));
    expect(await names({})).toEqual(["p/b", "p/c", "p/d"]);
    expect(await names({ limit: 2n })).toEqual(["p/b", "p/c"]);
    expect(await names({ revision: before })).toEqual(["p/a", "p/b", "p/c", "p/d"]);
    expect(await names({ serializable: true, sortOrder: 2, sortTarget: 0 })).toEqual(["p/d", "p/c", "p/b"]);
    expect(await client.kv.range("p/", { ...all, countOnly: true })).toMatchObject({ count: 3n, kvs: [] });
  });

  it("are deleted, with what was there", async () => {
    await client.kv.put("gone", "soon");
    const { deleted, prevKvs } = await client.kv.deleteRange("gone", { prevKv: true });
    expect(deleted).toBe(1n);
    expect(text(prevKvs[0]?.value)).toBe("soon");
    expect((await client.kv.range("gone")).kvs).toEqual([]);
  });

  it("change together in a transaction, or not at all", async () => {
    const create = () =>
      client.kv.txn({
        compare: [compare.version("once", "=", 0n), compare.value("p/b", "!=", "x")],
        success: [op.put("once", "1"), op.txn({ success: [op.deleteRange("p/b")] })],
        failure: [op.range("once")],
      });
    expect((await create()).succeeded).toBe(true);
    const second = await create();
    expect(second.succeeded).toBe(false);
    const response = second.responses[0]?.response;
    expect(response?.$case === "responseRange" ? text(response.value.kvs[0]?.value) : response).toBe("1");
    expect((await client.kv.range("p/b")).count).toBe(0n);
  });

  it("are compared by every property a key has", async () => {
    const { header } = await client.kv.put("c", "5");
    const revision = header?.revision ?? 0n;
    const holds = async (...conditions: Parameters<typeof client.kv.txn>[0]["compare"] & object[]): Promise<boolean> =>
      (await client.kv.txn({ compare: conditions })).succeeded;
    expect(
      await holds(
        compare.createRevision("c", "=", revision),
        compare.modRevision("c", ">", revision - 1n),
        compare.value("c", "<", "6"),
        compare.lease("c", "=", 0n),
        compare.version("c", "!=", 2n),
      ),
    ).toBe(true);
    expect(await holds(compare.modRevision("c", "<", revision))).toBe(false);
  });

  it("are refused in etcd's own words", async () => {
    expect(await nameOf(client.kv.put("", "x"))).toBe("EmptyKey");
    expect(await nameOf(client.kv.txn({ success: [op.put("d", "1"), op.put("d", "2")] }))).toBe("DuplicateKey");
    expect(await nameOf(client.kv.range("c", { revision: 1n << 40n }))).toBe("FutureRev");
    expect(await nameOf(client.kv.put("l", "x", { lease: 0x7fff_ffff_ffff_fffen }))).toBe("LeaseNotFound");
  });

  it("are forgotten by compaction", async () => {
    const { header } = await client.kv.put("history", "1");
    const revision = (await client.kv.put("history", "2")).header?.revision ?? 0n;
    await client.kv.compact(revision, { physical: true });
    expect(await nameOf(client.kv.range("history", { revision: header?.revision ?? 0n }))).toBe("Compacted");
    expect(await nameOf(client.kv.compact(revision))).toBe("Compacted");
  });
});
