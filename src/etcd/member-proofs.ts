/** What a member is asked to prove its health. It works over either HTTP/2: `health` takes the one that starts faster. */
import { milliseconds as now } from "../monotonic.js";
import { EtcdError, type HealthMember } from "./cluster.js";
import { askAlarms, askStatus } from "./health-rpcs.js";
import type { Connection } from "./transport/connection.js";
import type { CallStream } from "./transport/http2.js";
import { grpcStatus } from "./transport/status.js";
import { unaryBytes } from "./transport/unary.js";

/** RangeRequest{key: "health"}: linearizable, since that is the default. The answer is proof enough unread. */
const healthRange = Buffer.from("\x0a\x06health", "latin1");

export function memberProofs(connection: Connection<CallStream>): HealthMember {
  return {
    reach: async (deadline) => void (await connection.established(deadline)),
    async proveQuorum(deadline) {
      const left = await connection.established(deadline);
      const askedAt = now();
      try {
        await unaryBytes(connection, "/etcdserverpb.KV/Range", healthRange, { deadline: left });
      } catch (error) {
        // A quorum agreed on who may read what; so says `etcdctl endpoint health` too (ep_command.go).
        if (!(error instanceof EtcdError) || error.status !== grpcStatus.PERMISSION_DENIED) throw error;
      }
      return { tookMilliseconds: now() - askedAt };
    },
    status: (deadline) => askStatus(connection, deadline),
    alarms: (deadline) => askAlarms(connection, deadline),
  };
}
