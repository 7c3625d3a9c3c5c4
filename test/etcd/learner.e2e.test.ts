import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { etcdErrorName, openClient, type EtcdClient } from "../../src/etcd/client.js";
import { EtcdError, type Cluster } from "../../src/etcd/cluster.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { configChange } from "../support/config-change.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import type { RealMember } from "../support/real-member.js";
import { until } from "../support/until.js";

describe.each(testedVersions)("a learner of etcd %s", (version) => {
  let etcd: RealEtcd;
  let cluster: Cluster;
  let client: EtcdClient;
  let learner: RealMember;
  let id: bigint;

  beforeAll(async () => {
    etcd = await realEtcd({ version });
    cluster = openCluster({ tls: async () => etcd.tls });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
    learner = await etcd.newcomer("m2");
    id = (await configChange((call) => client.cluster.addLearner([learner.peerUrl], call))).member?.ID ?? 0n;
    learner.start();
    await until(async () => {
      const status = await cluster
        .member(learner.clientUrl)
        .status(1000)
        .catch(() => undefined);
      return status !== undefined && status.leaderId !== "0";
    });
  });
  afterAll(async () => {
    await client?.close();
    await cluster?.close();
    await etcd?.remove();
  });

  it("tells its status and nothing else", async () => {
    const member = cluster.member(learner.clientUrl);
    expect(await member.status(5000)).toMatchObject({ isLearner: true, memberId: id.toString(16) });
    for (const ask of [() => member.proveQuorum(5000), () => member.alarms(5000), () => member.memberList(5000)]) {
      const error: unknown = await ask().catch((reason: unknown) => reason);
      expect(error instanceof EtcdError && etcdErrorName(error)).toBe("NotSupportedForLearner");
    }
  });

  it("becomes a voter", async () => {
    // In step with the leader within a moment, since there is next to nothing to learn.
    await until(() =>
      client.cluster.promote(id).then(
        () => true,
        () => false,
      ),
    );
    const member = cluster.member(learner.clientUrl);
    await until(async () => !(await member.status(5000)).isLearner);
    await member.proveQuorum(5000);
    const { members } = await member.memberList(5000);
    expect(members.map(({ name, isLearner }) => [name, isLearner]).toSorted()).toEqual([
      ["m1", false],
      ["m2", false],
    ]);
  });
});
