/** Users and roles of a fake cluster, with the real one's refusals (server/auth/store.go). */
import { EtcdError, type AuthChange, type MemberAuth } from "../etcd/cluster.js";
import type { Grant } from "../spec/grant.js";
import type { FakeReplica } from "./fake-replica.js";

export interface FakeAuth {
  enabled: boolean;
  readonly roles: Map<string, readonly Grant[]>;
  readonly users: Map<string, { password: string | undefined; roles: readonly string[] }>;
}

const all = new WeakMap<FakeReplica, FakeAuth>();

export function authOf(replica: FakeReplica): FakeAuth {
  const auth = all.get(replica) ?? { enabled: false, roles: new Map(), users: new Map() };
  all.set(replica, auth);
  return auth;
}

const refused = (text: string, status = 9): EtcdError => new EtcdError("status", `etcdserver: ${text}`, status);

/** @param led the cluster, as long as it has a leader @param self whom etcd takes the caller for */
export function fakeMemberAuth(led: () => Promise<FakeReplica>, self: string): MemberAuth {
  const asRoot = async (): Promise<FakeAuth> => {
    const auth = authOf(await led());
    if (auth.enabled && auth.users.get(self)?.roles.includes("root") !== true) throw refused("permission denied", 7);
    return auth;
  };
  const role = (auth: FakeAuth, name: string): readonly Grant[] => {
    const found = auth.roles.get(name);
    if (found === undefined) throw refused("role name not found");
    return found;
  };
  const user = (auth: FakeAuth, name: string): { password: string | undefined; roles: readonly string[] } => {
    const found = auth.users.get(name);
    if (found === undefined) throw refused("user name not found");
    return found;
  };
  return {
    isEnabled: async () => authOf(await led()).enabled,
    roles: async () => [...(await asRoot()).roles.keys()].sort(),
    grants: async (name) => role(await asRoot(), name),
    users: async () => [...(await asRoot()).users.keys()].sort(),
    rolesOf: async (name) => [...user(await asRoot(), name).roles].sort(),
    async change(change) {
      if (change.what === "authenticate") return authenticate(authOf(await led()), change);
      const auth = await asRoot();
      switch (change.what) {
        case "add-role":
          if (auth.roles.has(change.role)) throw refused("role name already exists");
          return void auth.roles.set(change.role, []);
        case "drop-role":
          role(auth, change.role);
          for (const one of auth.users.values()) one.roles = one.roles.filter((name) => name !== change.role);
          return void auth.roles.delete(change.role);
        case "grant":
        case "revoke": {
          const { key, end } = change.grant;
          const others = role(auth, change.role).filter((one) => one.key !== key || one.end !== end);
          return void auth.roles.set(change.role, change.what === "grant" ? [...others, change.grant] : others);
        }
        case "add-user":
          if (auth.users.has(change.user)) throw refused("user name already exists");
          return void auth.users.set(change.user, { password: change.password, roles: [] });
        case "drop-user":
          if (auth.enabled && change.user === "root") throw refused("invalid auth management", 3);
          user(auth, change.user);
          return void auth.users.delete(change.user);
        case "give-role": {
          if (change.role !== "root") role(auth, change.role);
          const one = user(auth, change.user);
          one.roles = [...new Set([...one.roles, change.role])];
          return undefined;
        }
        case "take-role": {
          if (auth.enabled && change.user === "root" && change.role === "root")
            throw refused("invalid auth management", 3);
          const one = user(auth, change.user);
          one.roles = one.roles.filter((name) => name !== change.role);
          return undefined;
        }
        case "set-password": {
          const one = user(auth, change.user);
          if (one.password !== undefined) one.password = change.password;
          return undefined;
        }
        case "enable":
          if (auth.users.get("root")?.roles.includes("root") !== true) throw refused("root user does not exist");
          auth.enabled = true;
          return undefined;
        case "disable":
          auth.enabled = false;
          return undefined;
      }
    },
  };
}

function authenticate(
  auth: FakeAuth,
  { user, password }: AuthChange & { readonly what: "authenticate" | "set-password" },
): void {
  if (!auth.enabled) throw refused("authentication is not enabled");
  const known = auth.users.get(user);
  if (known?.password === undefined || known.password !== password)
    throw refused("authentication failed, invalid user ID or password", 3);
}
