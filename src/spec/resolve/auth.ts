import type { AuthSpec, PasswordSource, UserSpec } from "../auth-spec.js";
import { grantText, parseGrant } from "../grant.js";
import type { ClusterFile } from "../shape/schema.js";
import { operatorPath, type Surroundings } from "../surroundings.js";

type Written = NonNullable<ClusterFile["auth"]>;
type WrittenUser = NonNullable<Written["users"]>[string];

/** etcd's own name of the user and of the role that may do everything. */
export const root = "root";

export function resolveAuth(written: Written, surroundings: Surroundings): AuthSpec {
  const users = Object.entries(written.users ?? {}).map(
    ([name, user]) => [name, resolveUser(name, user, surroundings)] as const,
  );
  const roles = Object.entries(written.roles ?? {}).map(
    ([name, grants]) => [name, sorted(grants.map(canonical))] as const,
  );
  return {
    enabled: written.enabled !== "false",
    exclusive: written.exclusive === "true",
    roles: { ...Object.fromEntries(roles), [root]: [] },
    users: { [root]: { roles: [root], password: undefined }, ...Object.fromEntries(users) },
  };
}

function resolveUser(name: string, { roles = [], password }: WrittenUser, surroundings: Surroundings): UserSpec {
  return {
    roles: sorted(name === root ? [root, ...roles] : roles),
    password: password === undefined ? undefined : sourceOf(password, surroundings),
  };
}

function sourceOf(written: NonNullable<WrittenUser["password"]>, surroundings: Surroundings): PasswordSource {
  if (written === "prompt") return { kind: "prompt" };
  return "env" in written
    ? { kind: "env", name: written.env }
    : { kind: "file", path: operatorPath(surroundings, written.file) };
}

/** What is no grant is kept as it is, for the rules to judge. */
function canonical(text: string): string {
  const grant = parseGrant(text);
  return grant === undefined ? text : grantText(grant);
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
