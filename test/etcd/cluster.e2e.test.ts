import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { EtcdError, type Cluster, type Member } from "../../src/etcd/cluster.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";

const deadline = 5000;

describe.each(testedVersions)("three members of etcd %s over mutual TLS", (version) => {
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

  it("proves the quorum through every member", async () => {
    const proofs = await Promise.all(members.map((member) => member.proveQuorum(deadline)));
    for (const { tookMilliseconds } of proofs) expect(tookMilliseconds).toBeGreaterThan(0);
  });

  it("reports the same status as etcdctl", async () => {
    const { stdout } = await etcd.etcdctl("endpoint", "status", "-w", "fields");
    const statuses = await Promise.all(members.map((member) => member.status(deadline)));
    for (const status of statuses) {
      expect(status.version).toBe(version);
      expect(stdout).toContain(`"ClusterID" : ${BigInt(`0x${status.clusterId}`)}\n`);
      expect(stdout).toContain(`"MemberID" : ${BigInt(`0x${status.memberId}`)}\n`);
      expect(stdout).toContain(`"Leader" : ${BigInt(`0x${status.leaderId}`)}\n`);
      expect(status).toMatchObject({ isLearner: false, errors: [], dbSizeQuota: 0n, storageVersion: "" });
      expect(status.dbSize).toBeGreaterThan(0n);
      expect(status.raftAppliedIndex).toBeLessThanOrEqual(status.raftIndex);
    }
    expect(new Set(statuses.map(({ leaderId }) => leaderId)).size).toBe(1);
  });

  it.each([false, true])("lists the members (linearizable: %s)", async (linearizable) => {
    for (const member of members) {
      const { members: listed, clusterId } = await member.memberList(deadline, linearizable);
      expect(clusterId).toMatch(/^[1-9a-f][0-9a-f]*$/);
      const seen = listed.toSorted((a, b) => a.name.localeCompare(b.name));
      expect(seen).toEqual(
        etcd.members.map(({ name, peerUrl, clientUrl }) => ({
          id: expect.stringMatching(/^[1-9a-f][0-9a-f]*$/),
          name,
          peerUrls: [peerUrl],
          clientUrls: [clientUrl],
          isLearner: false,
        })),
      );
    }
  });

  it("sees no alarm where there is none", async () => {
    expect(await members[0]?.alarms(deadline)).toEqual([]);
  });

  it("moves the leader, and says so in etcd's words when asked on another member", async () => {
    const { leaderId } = await (members[0] as Member).status(deadline);
    const ids = await Promise.all(members.map(async (member) => (await member.status(deadline)).memberId));
    const leader = ids.indexOf(leaderId);
    const follower = (leader + 1) % 3;
    const refused = (members[follower] as Member).moveLeader(ids[follower] as string, deadline);
    await expect(refused).rejects.toMatchObject({ kind: "status", status: 9, message: "etcdserver: not leader" });
    await (members[leader] as Member).moveLeader(ids[follower] as string, deadline);
    expect((await (members[leader] as Member).status(deadline)).leaderId).toBe(ids[follower]);
  });

  it("sees which peer listeners serve", async () => {
    for (const { peerUrl } of etcd.members) expect(await cluster.peerServes(peerUrl, deadline)).toBe(true);
    expect(await cluster.peerServes("https://127.0.0.1:1", deadline)).toBe(false);
    expect(await cluster.peerServes("nonsense", deadline)).toBe(false);
    // The client listener answers /members with 404.
    expect(await cluster.peerServes(etcd.members[0]?.clientUrl ?? "", deadline)).toBe(false);
  });

  it("tells refused, untrusted and unknown apart", async () => {
    const kind = (error: unknown): string =>
      error instanceof EtcdError ? `${error.kind} ${error.sent}` : String(error);
    const url = etcd.members[0]?.clientUrl ?? "";
    const without = openCluster({ tls: async () => undefined });
    const noPair = openCluster({ tls: async () => ({ ca: etcd.tls?.ca }) });
    try {
      expect(
        kind(
          await cluster
            .member("https://127.0.0.1:1")
            .status(deadline)
            .catch((error) => error),
        ),
      ).toBe("refused false");
      expect(
        kind(
          await without
            .member(url)
            .status(deadline)
            .catch((error) => error),
        ),
      ).toBe("tls false");
      expect(
        kind(
          await noPair
            .member(url)
            .status(deadline)
            .catch((error) => error),
        ),
      ).toBe("tls false");
    } finally {
      await without.close();
      await noPair.close();
    }
  });
});
