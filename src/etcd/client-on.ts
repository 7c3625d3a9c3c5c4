/** The typed client's parts on a connection that is open already. */
import type { Auth } from "./client/auth.js";
import type { Kv } from "./client/kv.js";
import type { Maintenance } from "./client/maintenance.js";
import type { Membership } from "./client/membership.js";
import type { AlarmType } from "./proto/rpc.js";
import type { Connection } from "./transport/connection.js";

export interface ClientParts {
  readonly kv: Kv;
  readonly cluster: Membership;
  readonly maintenance: Maintenance;
  readonly auth: Auth;
  readonly alarmTypes: Readonly<Record<"NOSPACE" | "CORRUPT", AlarmType>>;
}

const defaultDeadline = 5_000;

export async function clientOn(connection: Connection): Promise<ClientParts> {
  const [{ Caller }, { kvOf }, { membershipOf }, { maintenanceOf }, { authOf }, { AlarmType: types }] =
    await Promise.all([
      import("./client/caller.js"),
      import("./client/kv.js"),
      import("./client/membership.js"),
      import("./client/maintenance.js"),
      import("./client/auth.js"),
      import("./proto/rpc.js"),
    ]);
  const caller = new Caller(connection, undefined, defaultDeadline);
  return {
    kv: kvOf(caller),
    cluster: membershipOf(caller),
    maintenance: maintenanceOf(caller),
    auth: authOf(caller),
    alarmTypes: { NOSPACE: types.NOSPACE, CORRUPT: types.CORRUPT },
  };
}
