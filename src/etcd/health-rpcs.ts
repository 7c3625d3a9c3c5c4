/**
 * The calls that prove a member's health, apart from the others because `health` has to be quick: of etcd's messages a
 * bundle takes only these along.
 */
import type { Alarm, MemberStatus } from "./cluster.js";
import { AlarmRequest, AlarmResponse, AlarmType, StatusRequest, StatusResponse } from "./proto/rpc.js";
import type { Connection } from "./transport/connection.js";
import type { Method } from "./transport/method.js";
import { unary } from "./transport/unary.js";

const maintenance = "/etcdserverpb.Maintenance";
const statusMethod: Method<StatusRequest, StatusResponse> = {
  path: `${maintenance}/Status`,
  request: StatusRequest,
  response: StatusResponse,
};
const alarmMethod: Method<AlarmRequest, AlarmResponse> = {
  path: `${maintenance}/Alarm`,
  request: AlarmRequest,
  response: AlarmResponse,
};

export async function askStatus(connection: Connection, deadline: number): Promise<MemberStatus> {
  const startedAt = performance.now();
  const answer = await unary(connection, statusMethod, StatusRequest.create(), { deadline });
  return {
    clusterId: hex(answer.header?.clusterId ?? 0n),
    memberId: hex(answer.header?.memberId ?? 0n),
    version: answer.version,
    dbSize: answer.dbSize,
    dbSizeInUse: answer.dbSizeInUse,
    dbSizeQuota: answer.dbSizeQuota,
    leaderId: hex(answer.leader),
    raftTerm: answer.raftTerm,
    raftIndex: answer.raftIndex,
    raftAppliedIndex: answer.raftAppliedIndex,
    revision: answer.header?.revision ?? 0n,
    isLearner: answer.isLearner,
    errors: answer.errors,
    storageVersion: lineOf(answer.storageVersion),
    downgradeTarget: answer.downgradeInfo?.enabled === true ? lineOf(answer.downgradeInfo.targetVersion) : "",
    tookMilliseconds: performance.now() - startedAt,
  };
}

export async function askAlarms(connection: Connection, deadline: number): Promise<readonly Alarm[]> {
  const answer = await unary(connection, alarmMethod, AlarmRequest.create(), { deadline });
  return answer.alarms.map(({ memberID, alarm }) => ({ memberId: hex(memberID), kind: alarmKind(alarm) }));
}

/** etcd says 3.5.0 where it means the line. */
const lineOf = (version: string): string => version.split(".").slice(0, 2).join(".");

function hex(id: bigint): string {
  return id.toString(16);
}

function alarmKind(type: AlarmType): Alarm["kind"] {
  if (type === AlarmType.NOSPACE) return "NOSPACE";
  return type === AlarmType.CORRUPT ? "CORRUPT" : "UNKNOWN";
}
