import { rootCommonName } from "../pki/names.js";
import type { Spec } from "../spec/spec.js";
import type { AuthFacts, Facts } from "./facts.js";
import type { AuthObservation } from "./auth.js";

/** A cluster that is yet to be formed has no users. */
export const nobody: AuthFacts = { self: rootCommonName, enabled: "no", roles: {}, users: {} };

export function authFacts(spec: Spec, seen: AuthObservation | undefined, isNew: boolean): Pick<Facts, "auth"> {
  if (spec.auth === undefined) return {};
  if (seen?.state !== "seen") return isNew ? { auth: { ...nobody, self: seen?.self ?? rootCommonName } } : {};
  const { self, enabled, roles, stale } = seen;
  const users = Object.entries(seen.users).map(
    ([name, has]) =>
      [name, { roles: has, password: stale.includes(name) ? ("stale" as const) : ("current" as const) }] as const,
  );
  return { auth: { self, enabled: enabled ? "yes" : "no", roles, users: Object.fromEntries(users) } };
}
