/** The calls of one member that need etcd's messages; loaded when the first of them is made. */
import type { MemberListing } from "./cluster.js";
import { ClusterDefinition, MaintenanceDefinition, MemberListRequest, MoveLeaderRequest } from "./proto/rpc.js";
import type { Connection } from "./transport/connection.js";
import { methodOf } from "./transport/method.js";
import { unary } from "./transport/unary.js";

const moveLeaderMethod = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.moveLeader);
const memberListMethod = methodOf(ClusterDefinition, ClusterDefinition.methods.memberList);

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

export async function tellMoveLeader(connection: Connection, toMemberId: string, deadline: number): Promise<void> {
  const request = MoveLeaderRequest.create({ targetID: BigInt(`0x${toMemberId}`) });
  await unary(connection, moveLeaderMethod, request, { deadline });
}

function hex(id: bigint): string {
  return id.toString(16);
}
