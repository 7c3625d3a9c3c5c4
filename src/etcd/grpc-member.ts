/** One member's API as cluster.ts wants it. */
import { EtcdError, type Member } from "./cluster.js";
import type { Connection } from "./transport/connection.js";
import { grpcStatus } from "./transport/status.js";
import { unaryBytes } from "./transport/unary.js";
import { memberAuth } from "./member-auth.js";
import { memberCare, memberChanges } from "./member-changes.js";

/** RangeRequest{key: "health"}: linearizable, since that is the default. The answer is proof enough unread. */
const healthRange = Buffer.from("\x0a\x06health", "latin1");

let loading: Promise<typeof import("./health-rpcs.js")> | undefined;

export function grpcMember(connection: Connection): Member {
  /** Etcd's messages take some milliseconds to load, which pass while the member answers the handshake. */
  const healthRpcs = (): Promise<typeof import("./health-rpcs.js")> => {
    connection.warm();
    return (loading ??= new Promise(setImmediate).then(() => import("./health-rpcs.js")));
  };
  const rpcs = (): Promise<typeof import("./member-rpcs.js")> => {
    connection.warm();
    return import("./member-rpcs.js");
  };
  return {
    async proveQuorum(deadline) {
      const startedAt = performance.now();
      await connection.established(deadline);
      const askedAt = performance.now();
      try {
        const left = Math.max(1, deadline - (askedAt - startedAt));
        await unaryBytes(connection, "/etcdserverpb.KV/Range", healthRange, { deadline: left });
      } catch (error) {
        // A quorum agreed on who may read what; so says `etcdctl endpoint health` too (ep_command.go).
        if (!(error instanceof EtcdError) || error.status !== grpcStatus.PERMISSION_DENIED) throw error;
      }
      return { tookMilliseconds: performance.now() - askedAt };
    },
    status: async (deadline) => (await healthRpcs()).askStatus(connection, deadline),
    memberList: async (deadline, linearizable = false) =>
      (await rpcs()).askMemberList(connection, deadline, linearizable),
    alarms: async (deadline) => (await healthRpcs()).askAlarms(connection, deadline),
    moveLeader: async (toMemberId, deadline) => (await rpcs()).tellMoveLeader(connection, toMemberId, deadline),
    ...memberChanges(connection),
    ...memberCare(connection),
    auth: memberAuth(connection),
  };
}
