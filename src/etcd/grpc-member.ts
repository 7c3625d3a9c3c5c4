/** One member's API as cluster.ts wants it. */
import type { Member } from "./cluster.js";
import { memberAuth } from "./member-auth.js";
import { memberCare, memberChanges } from "./member-changes.js";
import { memberProofs } from "./member-proofs.js";
import type { Connection } from "./transport/connection.js";

export function grpcMember(connection: Connection): Member {
  const rpcs = (): Promise<typeof import("./member-rpcs.js")> => {
    connection.warm();
    return import("./member-rpcs.js");
  };
  return {
    ...memberProofs(connection),
    memberList: async (deadline, linearizable = false) =>
      (await rpcs()).askMemberList(connection, deadline, linearizable),
    moveLeader: async (toMemberId, deadline) => (await rpcs()).tellMoveLeader(connection, toMemberId, deadline),
    ...memberChanges(connection),
    ...memberCare(connection),
    auth: memberAuth(connection),
  };
}
