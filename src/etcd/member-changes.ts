/** What changes a cluster or works on one member: seldom called, so the whole client is loaded only then. */
import { EtcdError, type Alarm, type Member } from "./cluster.js";
import { clientOn, type ClientParts } from "./client-on.js";
import { etcdErrorName } from "./error-names.js";
import type { Connection } from "./transport/connection.js";

type Changes = "addLearner" | "promoteMember" | "removeMember" | "updateMember" | "downgrade";
type Care = "defragment" | "hashKv" | "compact" | "isCompacted" | "disarm" | "snapshot" | "storedMembers";

const idOf = (hex: string): bigint => BigInt(`0x${hex}`);

export function memberChanges(connection: Connection): Pick<Member, Changes> {
  const parts = (): Promise<ClientParts> => clientOn(connection);
  return {
    async addLearner(peerUrl, deadline) {
      await (await parts()).cluster.addLearner([peerUrl], { deadline });
    },
    async promoteMember(memberId, deadline) {
      await (await parts()).cluster.promote(idOf(memberId), { deadline });
    },
    async removeMember(memberId, deadline) {
      await (await parts()).cluster.remove(idOf(memberId), { deadline });
    },
    async updateMember(memberId, peerUrl, deadline) {
      await (await parts()).cluster.update(idOf(memberId), [peerUrl], { deadline });
    },
    async downgrade(action, line, deadline) {
      await (await parts()).maintenance.downgrade(action, line, { deadline });
    },
  };
}

export function memberCare(connection: Connection): Pick<Member, Care> {
  const parts = (): Promise<ClientParts> => clientOn(connection);
  return {
    async defragment(deadline) {
      await (await parts()).maintenance.defragment({ deadline });
    },
    async hashKv(revision, deadline) {
      const answer = await (await parts()).maintenance.hashKv(revision, { deadline });
      return { hash: answer.hash, revision: answer.hashRevision, compactRevision: answer.compactRevision };
    },
    async compact(revision, deadline) {
      await (await parts()).kv.compact(revision, { physical: true }, { deadline });
    },
    async isCompacted(revision, deadline) {
      if (revision <= 1n) return true;
      const { kv } = await parts();
      try {
        const options = { revision: revision - 1n, serializable: true, keysOnly: true, limit: 1n };
        await kv.range("\0", options, { deadline });
        return false;
      } catch (error) {
        if (error instanceof EtcdError && etcdErrorName(error) === "Compacted") return true;
        throw error;
      }
    },
    async disarm(alarm, deadline) {
      const { maintenance, alarmTypes } = await parts();
      await maintenance.deactivateAlarm(idOf(alarm.memberId), alarmTypes[knownKind(alarm)], { deadline });
    },
    async *snapshot(signal) {
      const { maintenance } = await parts();
      yield* maintenance.snapshot(signal === undefined ? undefined : { signal });
    },
    async storedMembers(signal) {
      const [{ storedMembersIn }, { maintenance }] = await Promise.all([
        import("./database/stored-members.js"),
        parts(),
      ]);
      return storedMembersIn(maintenance.snapshot(signal === undefined ? undefined : { signal }));
    },
  };
}

/** @throws TypeError for an alarm that this quorate does not know */
function knownKind({ kind }: Alarm): "NOSPACE" | "CORRUPT" {
  if (kind === "UNKNOWN") throw new TypeError("an alarm of an unknown kind cannot be disarmed");
  return kind;
}
