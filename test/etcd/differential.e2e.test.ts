import { fileURLToPath } from "node:url";
import {
  credentials,
  loadPackageDefinition,
  type ChannelCredentials,
  type Client,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, op, openClient, prefixEnd, type EtcdClient } from "../../src/etcd/client.js";
import { EtcdError } from "../../src/etcd/cluster.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";

type Ask = (request: object, done: (error: ServiceError | null, answer: unknown) => void) => unknown;
type Service = new (address: string, credentials: ChannelCredentials) => Client;

const definition = loadSync("rpc.proto", {
  includeDirs: [fileURLToPath(new URL("../../proto", import.meta.url))],
  longs: String,
  enums: Number,
  bytes: Buffer,
  defaults: true,
  arrays: true,
  oneofs: false,
  keepCase: false,
});
const services = loadPackageDefinition(definition)["etcdserverpb"] as unknown as Record<string, Service>;

/** Numbers as text, bytes as base64, unset messages and oneofs left out: what both worlds can be brought to. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const union = value as { $case?: string; value?: unknown };
  if (union.$case !== undefined) return { [union.$case]: plain(union.value) };
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(
    entries.flatMap(([name, part]) => {
      const inner = plain(part);
      // ts-proto keeps a oneof under its own name, proto-loader puts its member beside the other fields.
      const flat = name === "response" || name === "targetUnion" || name === "request";
      return flat && typeof inner === "object" ? Object.entries(inner as object) : [[name, inner]];
    }),
  );
}

describe.each(testedVersions)("our transport and grpc-js against etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;
  let channel: ChannelCredentials;
  const open: Client[] = [];

  beforeAll(async () => {
    // By name: grpc-js cannot reach a member by IP address on newer Node.
    etcd = await realEtcd({ version, host: "localhost" });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
    const pem = (text: string | undefined): Buffer => Buffer.from(text ?? "");
    channel = credentials.createSsl(pem(etcd.tls?.ca), pem(etcd.tls?.key), pem(etcd.tls?.cert));
    for (let index = 0; index < 20; index += 1) await client.kv.put(`d/${index}`, Buffer.alloc(index * 50, index));
    await client.lease.grant(600n, 0x7123_4567_89ab_cdefn);
    await client.kv.put("d/leased", "x", { lease: 0x7123_4567_89ab_cdefn });
  });
  afterAll(async () => {
    for (const service of open) service.close();
    await client?.close();
    await etcd?.remove();
  });

  function theirs(service: string, method: string, request: object): Promise<unknown> {
    const Constructor = services[service];
    if (Constructor === undefined) throw new Error(`no service ${service}`);
    const stub = new Constructor(new URL(client.url).host, channel);
    open.push(stub);
    const ask = (stub as unknown as Record<string, Ask>)[method];
    if (ask === undefined) throw new Error(`no method ${method}`);
    return new Promise((resolve, reject) =>
      ask.call(stub, request, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );
  }

  const key = Buffer.from("d/");
  const rangeEnd = Buffer.from(prefixEnd("d/"));
  const memberId = async (): Promise<bigint> => (await client.maintenance.status()).header?.memberId ?? 0n;

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ["Range", () => client.kv.range("d/", { rangeEnd }), () => theirs("KV", "Range", { key, rangeEnd })],
    [
      "Range of keys only, descending",
      () => client.kv.range("d/", { rangeEnd, keysOnly: true, sortOrder: 2 }),
      () => theirs("KV", "Range", { key, rangeEnd, keysOnly: true, sortOrder: "DESCEND" }),
    ],
    [
      "Txn",
      () => client.kv.txn({ compare: [compare.version("d/1", "=", 1n)], success: [op.range("d/2"), op.range("d/3")] }),
      () =>
        theirs("KV", "Txn", {
          compare: [{ key: Buffer.from("d/1"), target: "VERSION", result: "EQUAL", version: "1" }],
          success: [{ requestRange: { key: Buffer.from("d/2") } }, { requestRange: { key: Buffer.from("d/3") } }],
        }),
    ],
    ["MemberList", () => client.cluster.list(), () => theirs("Cluster", "MemberList", { linearizable: true })],
    ["HashKV", () => client.maintenance.hashKv(5n), () => theirs("Maintenance", "HashKV", { revision: "5" })],
    ["Alarm", () => client.maintenance.alarms(), () => theirs("Maintenance", "Alarm", { action: "GET" })],
    ["LeaseLeases", () => client.lease.leases(), () => theirs("Lease", "LeaseLeases", {})],
  ])("get the same answer to %s", async (_, ours, others) => {
    expect(plain(await ours())).toEqual(plain(await others()));
  });

  it("get the same status but for what moves", async () => {
    const [ours, others] = [plain(await client.maintenance.status()), plain(await theirs("Maintenance", "Status", {}))];
    const moving = {
      raftIndex: expect.anything(),
      raftAppliedIndex: expect.anything(),
      dbSize: expect.anything(),
      dbSizeInUse: expect.anything(),
    };
    expect({ ...(ours as object), ...moving }).toEqual(others);
  });

  it("get the same refusals, word for word", async () => {
    const id = await memberId();
    const pairs: [() => Promise<unknown>, () => Promise<unknown>][] = [
      [() => client.kv.put("", "x"), () => theirs("KV", "Put", { key: Buffer.alloc(0), value: Buffer.from("x") })],
      [
        () => client.kv.range("d/1", { revision: 1n << 50n }),
        () => theirs("KV", "Range", { key: Buffer.from("d/1"), revision: String(1n << 50n) }),
      ],
      [() => client.lease.revoke(42n), () => theirs("Lease", "LeaseRevoke", { ID: "42" })],
      [() => client.cluster.promote(id), () => theirs("Cluster", "MemberPromote", { ID: String(id) })],
      [() => client.maintenance.moveLeader(42n), () => theirs("Maintenance", "MoveLeader", { targetID: "42" })],
      [() => client.auth.userGet("nobody"), () => theirs("Auth", "UserGet", { name: "nobody" })],
    ];
    for (const [ours, others] of pairs) {
      const our: unknown = await ours().catch((error: unknown) => error);
      const other = (await others().catch((error: unknown) => error)) as ServiceError;
      expect(our).toBeInstanceOf(EtcdError);
      expect(our).toMatchObject({ status: other.code, message: other.details });
    }
  });
});
