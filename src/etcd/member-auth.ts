/** Users and roles at one member; seldom asked for, so the whole client is loaded only then. */
import type { Grant } from "../spec/grant.js";
import type { PermissionKind } from "./client/auth.js";
import { clientOn, type ClientParts } from "./client-on.js";
import { EtcdError, type AuthChange, type MemberAuth } from "./cluster.js";
import type { Connection } from "./transport/connection.js";
import { grpcStatus } from "./transport/status.js";

type Auth = ClientParts["auth"];

/** In the order of etcd's Permission.Type. */
const kinds: readonly PermissionKind[] = ["read", "write", "readwrite"];

export function memberAuth(connection: Connection): MemberAuth {
  const auth = async (): Promise<Auth> => (await clientOn(connection)).auth;
  return {
    isEnabled: async (deadline) => isEnabled(await auth(), deadline),
    roles: async (deadline) => (await (await auth()).roleList({ deadline })).roles.toSorted(),
    async grants(role, deadline) {
      if (role === "root") return [];
      const { perm } = await (await auth()).roleGet(role, { deadline });
      return perm.map(({ permType, key, rangeEnd }) => ({
        kind: kinds[permType] ?? "readwrite",
        key: Buffer.from(key).toString("latin1"),
        end: Buffer.from(rangeEnd).toString("latin1"),
      }));
    },
    users: async (deadline) => (await (await auth()).userList({ deadline })).users.toSorted(),
    rolesOf: async (user, deadline) => (await (await auth()).userGet(user, { deadline })).roles.toSorted(),
    change: async (change, deadline) => tell(await auth(), change, deadline),
  };
}

/** Below 3.5 nobody says it outright: then the answer is in how a login fails that nobody can have. */
async function isEnabled(auth: Auth, deadline: number): Promise<boolean> {
  try {
    return (await auth.status({ deadline })).enabled;
  } catch (error) {
    if (!(error instanceof EtcdError) || error.status !== grpcStatus.UNIMPLEMENTED) throw error;
  }
  try {
    await auth.authenticate("", "", { deadline });
    return true;
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    if (error.status === grpcStatus.FAILED_PRECONDITION) return false;
    if (error.status === grpcStatus.INVALID_ARGUMENT) return true;
    throw error;
  }
}

async function tell(auth: Auth, change: AuthChange, deadline: number): Promise<void> {
  const call = { deadline };
  switch (change.what) {
    case "add-role":
      return auth.roleAdd(change.role, call);
    case "drop-role":
      return auth.roleDelete(change.role, call);
    case "grant": {
      const { kind, key, end } = bytesIn(change.grant);
      return auth.roleGrantPermission(change.role, kind, key, end, call);
    }
    case "revoke": {
      const { key, end } = bytesIn(change.grant);
      return auth.roleRevokePermission(change.role, key, end, call);
    }
    case "add-user":
      return auth.userAdd(change.user, change.password, call);
    case "drop-user":
      return auth.userDelete(change.user, call);
    case "give-role":
      return auth.userGrantRole(change.user, change.role, call);
    case "take-role":
      return auth.userRevokeRole(change.user, change.role, call);
    case "set-password":
      return auth.userChangePassword(change.user, change.password, call);
    case "authenticate":
      return void (await auth.authenticate(change.user, change.password, call));
    case "enable":
      return auth.enable(call);
    case "disable":
      return auth.disable(call);
  }
}

const bytesIn = ({ kind, key, end }: Grant): { kind: PermissionKind; key: Uint8Array; end: Uint8Array } => ({
  kind,
  key: Buffer.from(key, "latin1"),
  end: Buffer.from(end, "latin1"),
});
