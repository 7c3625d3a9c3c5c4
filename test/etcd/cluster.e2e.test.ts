import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EtcdError, type Cluster, type Member } from "../../src/etcd/cluster.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";

const deadline = 5000;

/** What the contract does not say of every cluster: this one has etcdctl beside it, certificates, and can be frozen. */
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

  const outcome = async (promise: Promise<unknown> | undefined): Promise<string> => {
    const error: unknown = await promise?.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return "ok";
    return error instanceof EtcdError ? `${error.kind}${error.sent ? "" : ", not sent"}` : String(error);
  };

  it("report the same status as etcdctl", async () => {
    const { stdout } = await etcd.etcdctl("endpoint", "status", "-w", "fields");
    const statuses = await Promise.all(members.map((member) => member.status(deadline)));
    for (const status of statuses) {
      expect(status.version).toBe(version);
      expect(stdout).toContain(`"ClusterID" : ${BigInt(`0x${status.clusterId}`)}\n`);
      expect(stdout).toContain(`"MemberID" : ${BigInt(`0x${status.memberId}`)}\n`);
      expect(stdout).toContain(`"Leader" : ${BigInt(`0x${status.leaderId}`)}\n`);
      expect(stdout).toContain(`"RaftTerm" : ${status.raftTerm}\n`);
      expect(status).toMatchObject({ isLearner: false, errors: [], dbSizeQuota: 0n, storageVersion: "" });
      expect(status.dbSize).toBeGreaterThan(0n);
    }
  });

  it("list the same members as etcdctl", async () => {
    const { members: listed } = (await members[0]?.memberList(deadline)) ?? { members: [] };
    const { stdout } = await etcd.etcdctl("member", "list");
    const lines = listed.map(({ id, name, peerUrls, clientUrls }) =>
      [id, "started", name, peerUrls.join(","), clientUrls.join(","), "false"].join(", "),
    );
    expect(stdout.trim().split("\n").toSorted()).toEqual(lines.toSorted());
  });

  it("do not take a client listener for a peer listener", async () => {
    expect(await cluster.peerServes(etcd.members[0]?.clientUrl ?? "", deadline)).toBe(false);
  });

  it("let nobody in without a certificate, and are not trusted without their CA", async () => {
    const url = etcd.members[0]?.clientUrl ?? "";
    const strangers = [
      openCluster({ tls: async () => undefined }),
      openCluster({ tls: async () => ({ ca: etcd.tls?.ca }) }),
    ];
    for (const stranger of strangers) {
      expect(await outcome(stranger.member(url).status(deadline))).toBe("tls, not sent");
      expect(await stranger.peerServes(etcd.members[0]?.peerUrl ?? "", deadline)).toBe(false);
      await stranger.close();
    }
  });

  it("fail their own calls only while one is frozen, which recovers by itself", async () => {
    await members[0]?.proveQuorum(deadline);
    await etcd.members[0]?.pause();
    const outcomes = new Set<string>();
    for (let turn = 0; turn < 6; turn += 1) {
      outcomes.add(await outcome(members[0]?.proveQuorum(500)));
      await until(async () => (await outcome(members[1]?.proveQuorum(500))) === "ok");
    }
    for (const one of outcomes) expect(one).toMatch(/^(deadline|unreachable)/);
    etcd.members[0]?.resume();
    await until(async () => (await outcome(members[0]?.proveQuorum(500))) === "ok");
  });
});
