/** etcd's API as one running quorate sees it on the fake machines. */
import { EtcdError, type Cluster, type Member } from "../etcd/cluster.js";
import type { Authority } from "../pki/authority.js";
import type { FakeEtcd } from "./fake-etcd.js";
import type { FakeProcess } from "./fake-process.js";

/** @param alive throws when the quorate that asks is dead */
export function fakeCluster(etcd: FakeEtcd, authority: Authority, alive: () => void): Cluster {
  return {
    member: (clientUrl) => fakeMember(clientUrl, etcd, authority, alive),
    async peerServes(peerUrl) {
      alive();
      const process = etcd.at("peerUrl", peerUrl);
      if (process === undefined || !etcd.peerListens(process)) return false;
      return process.ca === "" || process.ca === (await authority.client())?.ca;
    },
    async close() {},
  };
}

function fakeMember(clientUrl: string, etcd: FakeEtcd, authority: Authority, alive: () => void): Member {
  const reach = async (): Promise<FakeProcess> => {
    alive();
    const process = etcd.at("clientUrl", clientUrl);
    if (process === undefined || !etcd.serves(process))
      throw new EtcdError("refused", `${clientUrl}: connection refused`, undefined, undefined, false);
    if (process.ca !== "" && process.ca !== (await authority.client())?.ca)
      throw new EtcdError("tls", `${clientUrl}: certificate of another CA`, undefined, undefined, false);
    return process;
  };
  const needLeader = (process: FakeProcess): void => {
    if (etcd.leaderOf(process).leaderId === "0") throw new EtcdError("deadline", "etcdserver: request timed out", 4);
  };
  return {
    async proveQuorum() {
      needLeader(await reach());
      return { tookMilliseconds: 1.687897 };
    },
    async status() {
      const process = await reach();
      const { leaderId, term } = etcd.leaderOf(process);
      const { clusterId, memberId } = process.identity;
      return {
        clusterId,
        memberId,
        version: /etcd-v([^/]+)\//.exec(process.executable)?.[1] ?? "",
        dbSize: 20_480n,
        dbSizeInUse: 16_384n,
        dbSizeQuota: 0n,
        leaderId,
        raftTerm: BigInt(term),
        raftIndex: 12n,
        raftAppliedIndex: 12n,
        revision: 1n,
        isLearner: false,
        errors: leaderId === "0" ? ["etcdserver: no leader"] : [],
        storageVersion: "",
        downgradeTarget: "",
        tookMilliseconds: 1,
      };
    },
    async memberList(_deadline, linearizable = false) {
      const process = await reach();
      if (linearizable) needLeader(process);
      return { clusterId: process.identity.clusterId, members: etcd.listing(process) };
    },
    async alarms() {
      needLeader(await reach());
      return [];
    },
    async moveLeader(toMemberId) {
      const process = await reach();
      if (!etcd.moveLeader(process, toMemberId)) throw new EtcdError("status", "etcdserver: bad leader transferee", 9);
    },
    addLearner: () => notYet(),
    promoteMember: () => notYet(),
    removeMember: () => notYet(),
    updateMember: () => notYet(),
    downgrade: () => notYet(),
    defragment: () => notYet(),
    hashKv: () => notYet(),
    compact: () => notYet(),
    disarm: () => notYet(),
    async *snapshot() {
      await reach();
      yield new Uint8Array(512);
    },
  };
}

/** What the members in memory cannot do is an error, never a silent success. */
const notYet = async (): Promise<never> => {
  throw new EtcdError("status", "etcdserver: not supported by the members in memory", 12);
};
