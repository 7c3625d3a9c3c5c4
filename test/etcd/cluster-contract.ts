/** What every Cluster does, the real one and the fake one alike: three members that have formed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EtcdError, type Cluster, type Member } from "../../src/etcd/cluster.js";

export interface ClusterUnderTest {
  readonly cluster: Cluster;
  readonly members: readonly { readonly name: string; readonly clientUrl: string; readonly peerUrl: string }[];
  /** URLs where nobody listens. */
  readonly nowhere: { readonly clientUrl: string; readonly peerUrl: string };
  stop(index: number): Promise<void>;
  start(index: number): Promise<void>;
  /** Lets time go by until the condition holds. */
  until(condition: () => Promise<boolean>): Promise<void>;
  cleanUp(): Promise<void>;
}

const deadline = 5000;
const hexId = /^[1-9a-f][0-9a-f]{0,15}$/;

export function clusterContract(name: string, make: () => Promise<ClusterUnderTest>): void {
  describe(name, () => {
    let under: ClusterUnderTest;
    let members: Member[];

    beforeAll(async () => {
      under = await make();
      members = under.members.map(({ clientUrl }) => under.cluster.member(clientUrl));
    });
    afterAll(async () => {
      await under?.cluster.close();
      await under?.cleanUp();
    });

    const at = (index: number): Member => {
      const member = members[index];
      if (member === undefined) throw new Error(`no member ${index}`);
      return member;
    };
    const statuses = () => Promise.all(members.map((member) => member.status(deadline)));
    const proven = (index: number, milliseconds = deadline): Promise<boolean> =>
      at(index)
        .proveQuorum(milliseconds)
        .then(
          () => true,
          () => false,
        );

    it("proves the quorum through every member, and says how long each read took", async () => {
      for (const { tookMilliseconds } of await Promise.all(members.map((member) => member.proveQuorum(deadline)))) {
        expect(tookMilliseconds).toBeGreaterThan(0);
      }
    });

    it("is one cluster with one leader among distinct members", async () => {
      const all = await statuses();
      const ids = all.map(({ memberId }) => memberId);
      expect(new Set(all.map(({ clusterId }) => clusterId)).size).toBe(1);
      expect(new Set(ids).size).toBe(3);
      for (const { clusterId, memberId, leaderId, isLearner, version, raftAppliedIndex, raftIndex } of all) {
        expect(clusterId).toMatch(hexId);
        expect(memberId).toMatch(hexId);
        expect(ids).toContain(leaderId);
        expect(isLearner).toBe(false);
        expect(version).toMatch(/^\d+\.\d+\.\d+/);
        expect(raftAppliedIndex <= raftIndex).toBe(true);
      }
    });

    it.each([false, true])("lists its members (linearizable: %s)", async (linearizable) => {
      const all = await statuses();
      const { clusterId, members: listed } = await at(1).memberList(deadline, linearizable);
      expect(clusterId).toBe(all[0]?.clusterId);
      const expected = under.members.map(({ name: called, clientUrl, peerUrl }, index) => ({
        id: all[index]?.memberId,
        name: called,
        peerUrls: [peerUrl],
        clientUrls: [clientUrl],
        isLearner: false,
      }));
      expect(listed.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(expected);
    });

    it("has the members of its list in every v3 store, and nobody struck off", async () => {
      const { members: listed } = await at(0).memberList(deadline);
      const expected = listed.map(({ id }) => ({ id, isLearner: false })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      for (const member of members) {
        const stored = await member.storedMembers();
        expect(stored.members.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(expected);
        expect(stored.removed).toEqual([]);
      }
    });

    it("has no alarm", async () => {
      expect(await at(0).alarms(deadline)).toEqual([]);
    });

    it("moves its leader when the leader is asked, and only then", async () => {
      const all = await statuses();
      const leader = all.findIndex(({ memberId, leaderId }) => memberId === leaderId);
      const follower = (leader + 1) % 3;
      const target = all[follower]?.memberId ?? "";
      await expect(at(follower).moveLeader(target, deadline)).rejects.toMatchObject({ kind: "status", status: 9 });
      await at(leader).moveLeader(target, deadline);
      await under.until(async () => (await statuses()).every(({ leaderId }) => leaderId === target));
    });

    it("tells which peer listeners serve, and never throws", async () => {
      for (const { peerUrl } of under.members) expect(await under.cluster.peerServes(peerUrl, deadline)).toBe(true);
      expect(await under.cluster.peerServes(under.nowhere.peerUrl, deadline)).toBe(false);
      expect(await under.cluster.peerServes("nonsense", deadline)).toBe(false);
    });

    it("tells whom each member is connected to, and nothing where nobody listens", async () => {
      const ids = (await statuses()).map(({ memberId }) => memberId);
      const connected = async (index: number): Promise<string[]> =>
        [...((await under.cluster.activePeers(under.members[index]?.clientUrl ?? "", deadline)) ?? [])].sort();
      for (const [index, id] of ids.entries()) {
        const others = ids.filter((other) => other !== id).sort();
        await under.until(async () => (await connected(index)).join() === others.join());
      }
      expect(await under.cluster.activePeers(under.nowhere.clientUrl, deadline)).toBeUndefined();
    });

    it("is refused where nobody listens, and has sent nothing", async () => {
      const nobody = under.cluster.member(under.nowhere.clientUrl);
      for (const ask of [() => nobody.proveQuorum(deadline), () => nobody.status(deadline)]) {
        const error: unknown = await ask().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(EtcdError);
        expect(error).toMatchObject({ kind: "refused", sent: false });
      }
    });

    it("does without one member, which is refused until it is back", async () => {
      await under.stop(2);
      await expect(at(2).status(deadline)).rejects.toMatchObject({ kind: "refused", sent: false });
      expect(await under.cluster.peerServes(under.members[2]?.peerUrl ?? "", deadline)).toBe(false);
      await under.until(async () => (await proven(0)) && (await proven(1)));
      const ids = (await Promise.all([0, 1].map((index) => at(index).status(deadline)))).map(
        ({ memberId }) => memberId,
      );
      const others = (): Promise<readonly string[] | undefined> =>
        under.cluster.activePeers(under.members[0]?.clientUrl ?? "", deadline);
      await under.until(async () => (await others())?.join() === ids[1]);
      await under.start(2);
      await under.until(() => proven(2, 500));
    });

    it("proves nothing without a quorum, but still tells what it knows", async () => {
      await under.stop(1);
      await under.stop(2);
      await under.until(async () => (await at(0).status(deadline)).leaderId === "0");
      await expect(at(0).proveQuorum(500)).rejects.toBeInstanceOf(EtcdError);
      await expect(at(0).alarms(500)).rejects.toBeInstanceOf(EtcdError);
      expect((await at(0).memberList(deadline)).members).toHaveLength(3);
      await under.start(1);
      await under.start(2);
      await under.until(async () => (await proven(0, 500)) && (await proven(1, 500)) && (await proven(2, 500)));
    });
  });
}
