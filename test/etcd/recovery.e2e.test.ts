import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EtcdError, type Cluster, type Member } from "../../src/etcd/cluster.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";

describe.each(testedVersions)("three members of etcd %s in trouble", (version) => {
  let etcd: RealEtcd;
  let cluster: Cluster;
  let members: Member[];

  beforeAll(async () => {
    etcd = await realEtcd({ version, size: 3 });
    cluster = openCluster({ tls: async () => etcd.tls });
    members = etcd.members.map(({ clientUrl }) => cluster.member(clientUrl));
  });
  afterAll(async () => {
    await cluster?.close();
    await etcd?.remove();
  });

  const proof = async (index: number, deadline = 500): Promise<string> => {
    const error: unknown = await members[index]?.proveQuorum(deadline).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error === undefined ? "ok" : error instanceof EtcdError ? error.kind : String(error);
  };

  it("a frozen member fails its own calls only, and recovers by itself", async () => {
    expect(await proof(0, 5000)).toBe("ok");
    etcd.members[0]?.pause();
    const kinds = new Set<string>();
    for (let turn = 0; turn < 6; turn += 1) {
      kinds.add(await proof(0));
      await until(async () => (await proof(1)) === "ok" && (await proof(2)) === "ok");
    }
    expect(kinds.has("ok")).toBe(false);
    for (const kind of kinds) expect(["deadline", "unreachable"]).toContain(kind);
    etcd.members[0]?.resume();
    await until(async () => (await proof(0)) === "ok");
  });

  it("a killed member refuses, and recovers by itself when it is back", async () => {
    await etcd.members[1]?.kill();
    await until(async () => (await proof(1)) === "refused");
    etcd.members[1]?.start();
    await until(async () => (await proof(1)) === "ok");
  });

  it("without a quorum a member still tells its status, but nothing can be proven", async () => {
    const [one] = members;
    await one?.status(5000);
    await etcd.members[1]?.kill();
    await etcd.members[2]?.kill();
    expect(["deadline", "status"]).toContain(await proof(0, 1000));
    expect((await one?.memberList(5000))?.members).toHaveLength(3);
    await until(async () => (await one?.status(5000))?.leaderId === "0");
    etcd.members[1]?.start();
    etcd.members[2]?.start();
    await until(async () => (await proof(0)) === "ok");
  });
});
