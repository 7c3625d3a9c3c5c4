/** The calls of one member that need etcd's messages; loaded when the first of them is made. */
import type { Alarm, MemberListing, MemberStatus } from "./cluster.js";
import { AlarmRequest, AlarmType, ClusterDefinition, MaintenanceDefinition } from "./proto/rpc.js";
import { MemberListRequest, MoveLeaderRequest, StatusRequest } from "./proto/rpc.js";
import type { Connection } from "./transport/connection.js";
import { methodOf } from "./transport/method.js";
import { unary } from "./transport/unary.js";

const alarmMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.alarm);
const statusMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.status);
const moveLeaderMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.moveLeader);
const memberListMethod = methodOf(ClusterDefinition, ClusterDefinition.methods.memberList);

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

export async function askMemberList(
  connection: Connection,
  deadline: number,
  linearizable: boolean,
): Promise<MemberListing> {
  const answer = await unary(connection, memberListMethod, MemberListRequest.create({ linearizable }), { deadline });
  return {
    clusterId: hex(answer.header?.clusterId ?? 0n),
    members: answer.members.map((member) => ({
      id: hex(member.ID),
      name: member.name,
      peerUrls: member.peerURLs,
      clientUrls: member.clientURLs,
      isLearner: member.isLearner,
    })),
  };
}

export async function askAlarms(connection: Connection, deadline: number): Promise<readonly Alarm[]> {
  const answer = await unary(connection, alarmMethod, AlarmRequest.create(), { deadline });
  return answer.alarms.map(({ memberID, alarm }) => ({ memberId: hex(memberID), kind: alarmKind(alarm) }));
}

export async function tellMoveLeader(connection: Connection, toMemberId: string, deadline: number): Promise<void> {
  const request = MoveLeaderRequest.create({ targetID: BigInt(`0x${toMemberId}`) });
  await unary(connection, moveLeaderMethod, request, { deadline });
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
