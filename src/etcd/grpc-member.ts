/** One member's API as cluster.ts wants it. */
import { EtcdError, type Alarm, type Member } from "./cluster.js";
import { AlarmRequest, AlarmType, ClusterDefinition, MaintenanceDefinition } from "./proto/rpc.js";
import { MemberListRequest, MoveLeaderRequest, StatusRequest } from "./proto/rpc.js";
import type { Connection } from "./transport/connection.js";
import { methodOf } from "./transport/method.js";
import { grpcStatus } from "./transport/status.js";
import { unary, unaryBytes } from "./transport/unary.js";

const alarmMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.alarm);
const statusMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.status);
const moveLeaderMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.moveLeader);
const memberListMethod = methodOf(ClusterDefinition, ClusterDefinition.methods.memberList);

/** RangeRequest{key: "health"}: linearizable, since that is the default. The answer is proof enough unread. */
const healthRange = Buffer.from("\x0a\x06health", "latin1");

export function grpcMember(connection: Connection): Member {
  return {
    async proveQuorum(deadline) {
      const startedAt = performance.now();
      try {
        await unaryBytes(connection, "/etcdserverpb.KV/Range", healthRange, { deadline });
      } catch (error) {
        // A quorum agreed on who may read what; so says `etcdctl endpoint health` too (ep_command.go).
        if (!(error instanceof EtcdError) || error.status !== grpcStatus.PERMISSION_DENIED) throw error;
      }
      return { tookMilliseconds: performance.now() - startedAt };
    },

    async status(deadline) {
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
        storageVersion: answer.storageVersion,
        tookMilliseconds: performance.now() - startedAt,
      };
    },

    async memberList(deadline, linearizable = false) {
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
    },

    async alarms(deadline) {
      const answer = await unary(connection, alarmMethod, AlarmRequest.create(), { deadline });
      return answer.alarms.map(({ memberID, alarm }) => ({ memberId: hex(memberID), kind: alarmKind(alarm) }));
    },

    async moveLeader(toMemberId, deadline) {
      const request = MoveLeaderRequest.create({ targetID: BigInt(`0x${toMemberId}`) });
      await unary(connection, moveLeaderMethod, request, { deadline });
    },
  };
}

function hex(id: bigint): string {
  return id.toString(16);
}

function alarmKind(type: AlarmType): Alarm["kind"] {
  if (type === AlarmType.NOSPACE) return "NOSPACE";
  return type === AlarmType.CORRUPT ? "CORRUPT" : "UNKNOWN";
}
