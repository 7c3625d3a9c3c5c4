import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openClient } from "../../src/etcd/client.js";
import type { Cluster } from "../../src/etcd/cluster.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";

/** By an IPv4 address (an IP SAN), an IPv6 address, and a host name (a DNS SAN); with TLS and without. */
describe.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["localhost", true],
  ["127.0.0.1", false],
  ["::1", false],
])("a member at %s, TLS %s", (host, tls) => {
  let etcd: RealEtcd;
  let cluster: Cluster;

  beforeAll(async () => {
    etcd = await realEtcd({ version: "3.5.30", host, tls });
    cluster = openCluster({ tls: async () => etcd.tls });
  });
  afterAll(async () => {
    await cluster?.close();
    await etcd?.remove();
  });

  it("is reached at both listeners", async () => {
    const [member] = etcd.members;
    await cluster.member(member?.clientUrl ?? "").proveQuorum(5000);
    expect(await cluster.peerServes(member?.peerUrl ?? "", 5000)).toBe(true);
    const { members } = await cluster.member(member?.clientUrl ?? "").memberList(5000);
    expect(members[0]).toMatchObject({ clientUrls: [member?.clientUrl], peerUrls: [member?.peerUrl] });
  });

  it("is not sent away for asking too often whether it lives", async () => {
    const quick = { connect: 1000, keepalive: 30, answer: 5000 };
    const client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls, patience: quick });
    const interruptions: unknown[] = [];
    const controller = new AbortController();
    const { header } = await client.kv.put("quiet", "1");
    let seen = 0;
    const watching = (async () => {
      const options = {
        startRevision: header?.revision ?? 0n,
        signal: controller.signal,
        onInterruption: (why: unknown) => interruptions.push(why),
      };
      for await (const { events } of client.watch("quiet", options)) seen += events.length;
    })();
    await until(() => seen === 1);
    // Some sixty questions in a quiet stream, where etcd allows one PING in five seconds and gives up soon after.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await client.kv.put("quiet", "2");
    await until(() => seen === 2);
    controller.abort();
    await watching;
    expect(interruptions).toEqual([]);
    await client.close();
  });
});
