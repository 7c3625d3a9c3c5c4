/** etcd's API as one running quorate sees it on the fake machines. */
import { EtcdError, type Cluster, type Member } from "../etcd/cluster.js";
import type { Authority, ClientIdentity } from "../pki/authority.js";
import { sha256Of } from "../plan/digest.js";
import { casIn, issuerIn } from "./fake-authority.js";
import { fakeMemberAuth } from "./fake-auth.js";
import type { FakeEtcd } from "./fake-etcd.js";
import {
  addLearner,
  changeDowngrade,
  promoteMember,
  removeMember,
  updateMember,
  type Asked,
} from "./fake-member-changes.js";
import type { FakeProcess } from "./fake-process.js";
import { isInTouch, storageOf, votersOf, type FakeReplica } from "./fake-replica.js";

/** What one running quorate is connected with. */
export interface Caller {
  readonly etcd: FakeEtcd;
  readonly authority: Authority;
  readonly now: () => number;
  /** Throws when the quorate that asks is dead. */
  readonly alive: () => void;
}

export function fakeCluster(caller: Caller): Cluster {
  const { etcd, authority, alive } = caller;
  return {
    member: (clientUrl) => fakeMember(clientUrl, caller),
    async peerServes(peerUrl) {
      alive();
      const process = etcd.at("peer", peerUrl);
      if (process === undefined || !etcd.peerListens(process)) return false;
      return trusts(process, await authority.client());
    },
    async activePeers(clientUrl) {
      alive();
      const process = etcd.at("client", clientUrl);
      if (process === undefined || !etcd.serves(process) || !trusts(process, await authority.client()))
        return undefined;
      const replica = etcd.of(process);
      return [...replica.servesFrom.keys()]
        .filter((other) => other !== process && isInTouch(replica, other) && etcd.peerListens(other))
        .filter((other) => !etcd.cut.includes(process.name) || !etcd.cut.includes(other.name))
        .map(({ identity }) => identity.memberId);
    },
    async close() {},
  };
}

function fakeMember(clientUrl: string, { etcd, authority, now, alive }: Caller): Member {
  const reach = async (): Promise<FakeProcess> => {
    alive();
    const process = etcd.at("client", clientUrl);
    if (process === undefined || !etcd.serves(process))
      throw new EtcdError("refused", `${clientUrl}: connection refused`, undefined, undefined, false);
    if (!trusts(process, await authority.client()))
      throw new EtcdError("tls", `${clientUrl}: certificate of another CA`, undefined, undefined, false);
    return process;
  };
  const isLearner = (process: FakeProcess): boolean =>
    etcd.of(process).members.get(process.identity.memberId)?.learner ?? false;
  /** A learner answers for itself and for nothing else. */
  const voter = async (): Promise<FakeProcess> => {
    const process = await reach();
    if (isLearner(process)) throw new EtcdError("status", "etcdserver: rpc not supported for learner", 14);
    return process;
  };
  const led = async (): Promise<FakeProcess> => {
    const process = await voter();
    if (etcd.leaderOf(process).leaderId === "0") throw new EtcdError("deadline", "etcdserver: request timed out", 4);
    return process;
  };
  const change = async (ask: (asked: Asked) => void): Promise<void> => {
    const process = await led();
    ask({ replica: etcd.of(process), process, now: now(), lagOf: (other) => etcd.lagOf(other) });
    etcd.settle();
  };
  return {
    async reach() {
      await reach();
    },
    async proveQuorum() {
      await led();
      return { tookMilliseconds: 1.687897 };
    },
    async status() {
      const process = await reach();
      const { leaderId, term } = etcd.leaderOf(process);
      const replica = etcd.of(process);
      const { version, identity } = process;
      const machine = etcd.machineOf(process);
      const index = BigInt(replica.index - etcd.lagOf(process));
      return {
        ...identityOf(identity),
        version,
        dbSize: BigInt(machine?.dbSize ?? 0),
        dbSizeInUse: BigInt(machine?.dbSizeInUse ?? 0),
        dbSizeQuota: 0n,
        leaderId,
        raftTerm: BigInt(term),
        raftIndex: index,
        raftAppliedIndex: index,
        revision: BigInt(replica.revision),
        isLearner: isLearner(process),
        errors: [
          ...(leaderId === "0" ? ["etcdserver: no leader"] : []),
          ...replica.alarms.map(({ memberId, kind }) => `memberID:${BigInt(`0x${memberId}`)} alarm:${kind} `),
        ],
        storageVersion: storageOf(replica, version, now()),
        downgradeTarget: replica.downgrade?.line ?? "",
        tookMilliseconds: 1,
      };
    },
    async memberList(_deadline, linearizable = false) {
      const process = await (linearizable ? led() : voter());
      return { clusterId: process.identity.clusterId, members: etcd.listing(process) };
    },
    alarms: async () => etcd.of(await led()).alarms,
    async moveLeader(toMemberId) {
      const process = await voter();
      moveLeader(etcd.of(process), process, toMemberId, etcd);
    },
    addLearner: (peerUrl) => change((asked) => addLearner(asked, peerUrl)),
    promoteMember: (id) => change((asked) => promoteMember(asked, id)),
    removeMember: (id) => change((asked) => removeMember(asked, id)),
    updateMember: (id, peerUrl) => change((asked) => updateMember(asked, id, peerUrl)),
    downgrade: (action, line) => change((asked) => changeDowngrade(asked, action, line)),
    async defragment() {
      const machine = etcd.machineOf(await voter());
      if (machine !== undefined) machine.dbSize = machine.dbSizeInUse;
    },
    async hashKv(revision) {
      const process = await voter();
      const replica = etcd.of(process);
      const at = revision === 0n ? BigInt(replica.revision) : revision;
      if (at < BigInt(replica.compacted) || at > BigInt(replica.revision))
        throw new EtcdError("status", "etcdserver: mvcc: required revision is out of range", 11);
      const content = `${replica.id} at ${at} ${etcd.machineOf(process)?.corruption ?? ""}`;
      const hash = Number.parseInt(sha256Of(content).slice(0, 8), 16);
      return { hash, revision: at, compactRevision: BigInt(replica.compacted) };
    },
    async compact(revision) {
      const replica = etcd.of(await led());
      if (revision <= BigInt(replica.compacted))
        throw new EtcdError("status", "etcdserver: mvcc: required revision has been compacted", 11);
      replica.compacted = Number(revision);
    },
    async isCompacted(revision) {
      return BigInt(etcd.of(await voter()).compacted) >= revision;
    },
    async disarm({ memberId, kind }) {
      const replica = etcd.of(await led());
      replica.alarms = replica.alarms.filter((alarm) => alarm.memberId !== memberId || alarm.kind !== kind);
    },
    auth: fakeMemberAuth(async () => etcd.of(await led()), "root"),
    async *snapshot() {
      await reach();
      yield new Uint8Array(512);
    },
    async storedMembers() {
      const process = await reach();
      const machine = etcd.machineOf(process);
      const members = etcd.listing(process).map(({ id, isLearner: learner }) => ({ id, isLearner: learner }));
      const zombies = (machine?.zombies ?? []).map((id) => ({ id, isLearner: false }));
      return { members: [...members, ...zombies], removed: machine?.struckOff ?? [] };
    },
  };
}

/** Each shows a certificate of a CA that the other has read. */
const trusts = ({ ca }: FakeProcess, client: ClientIdentity | undefined): boolean =>
  ca === "" ||
  (client !== undefined && ca.includes(issuerIn(client.cert)) && casIn(ca).some((one) => client.ca.includes(one)));

const identityOf = ({ clusterId, memberId }: FakeProcess["identity"]): { clusterId: string; memberId: string } => ({
  clusterId,
  memberId,
});

/** Only the leader hands over, to a voter that has everything. */
function moveLeader(replica: FakeReplica, process: FakeProcess, toMemberId: string, etcd: FakeEtcd): void {
  if (replica.leader !== process) throw new EtcdError("status", "etcdserver: not leader", 9);
  const target = [...replica.servesFrom.keys()].find(({ identity }) => identity.memberId === toMemberId);
  if (!votersOf(replica).some(({ id }) => id === toMemberId))
    throw new EtcdError("status", "etcdserver: bad leader transferee", 9);
  if (target === undefined || !isInTouch(replica, target) || etcd.lagOf(target) > 0)
    throw new EtcdError("deadline", "etcdserver: request timed out, leader transfer took too long", 4);
  replica.leader = target;
  replica.term += 1;
}
