/** What a member says of itself and of the alarms. The numbers are those of the fields in etcd's rpc.proto. */
import { milliseconds as now } from "../monotonic.js";
import type { Alarm, MemberStatus } from "./cluster.js";
import { MessageFields } from "./message-fields.js";
import type { Connection } from "./transport/connection.js";
import type { CallStream } from "./transport/http2.js";
import { unaryBytes } from "./transport/unary.js";

/** StatusRequest has no fields, and those of AlarmRequest are zero: get, of all members, of every kind. */
const nothing = new Uint8Array(0);

export async function askStatus(connection: Connection<CallStream>, deadline: number): Promise<MemberStatus> {
  // What is told is the member's answer, without the making of a connection.
  const left = await connection.established(deadline);
  const askedAt = now();
  const answer = await unaryBytes(connection, "/etcdserverpb.Maintenance/Status", nothing, { deadline: left });
  return statusIn(answer, now() - askedAt);
}

export async function askAlarms(connection: Connection<CallStream>, deadline: number): Promise<readonly Alarm[]> {
  return alarmsIn(await unaryBytes(connection, "/etcdserverpb.Maintenance/Alarm", nothing, { deadline }));
}

/** StatusResponse. @throws EtcdError when it cannot be read */
export function statusIn(answer: Uint8Array, tookMilliseconds: number): MemberStatus {
  const status = new MessageFields(answer);
  const header = status.message(1);
  const downgrade = status.message(13);
  return {
    clusterId: hex(header.number(1)),
    memberId: hex(header.number(2)),
    version: status.text(2),
    dbSize: status.signed(3),
    dbSizeInUse: status.signed(9),
    dbSizeQuota: status.signed(12),
    leaderId: hex(status.number(4)),
    raftTerm: status.number(6),
    raftIndex: status.number(5),
    raftAppliedIndex: status.number(7),
    revision: header.signed(3),
    isLearner: status.number(10) !== 0n,
    errors: status.texts(8),
    storageVersion: lineOf(status.text(11)),
    downgradeTarget: downgrade.number(1) === 0n ? "" : lineOf(downgrade.text(2)),
    tookMilliseconds,
  };
}

/** AlarmResponse. @throws EtcdError when it cannot be read */
export const alarmsIn = (answer: Uint8Array): readonly Alarm[] =>
  new MessageFields(answer)
    .messages(2)
    .map((alarm) => ({ memberId: hex(alarm.number(1)), kind: alarmKind(alarm.number(2)) }));

/** etcd says 3.5.0 where it means the line. */
const lineOf = (version: string): string => version.split(".").slice(0, 2).join(".");

const hex = (id: bigint): string => id.toString(16);

function alarmKind(type: bigint): Alarm["kind"] {
  if (type === 1n) return "NOSPACE";
  return type === 2n ? "CORRUPT" : "UNKNOWN";
}
