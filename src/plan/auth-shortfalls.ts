/** What a finished plan leaves of users and roles, and why. */
import type { Facts } from "../observe/facts.js";
import type { Problem } from "./plan.js";
import { locksOut, unnamed } from "./rules/auth.js";
import type { Wish } from "./wish.js";

/** @param severity of what is not reached */
export function authShortfalls({ spec }: Wish, after: Facts, severity: Problem["severity"]): Problem[] {
  const { auth } = spec;
  const is = after.auth;
  if (auth === undefined || is === undefined || after.formed === "no") return [];
  if (locksOut(auth, is))
    return [
      {
        code: "E_AUTH_LOCKOUT",
        member: undefined,
        message: `etcd takes quorate for the user ${is.self}, after its client certificate, and in the file this user does not have the role root`,
        severity,
        next: `give the user ${is.self} \`certificate: true\` and \`roles: [root]\` in the file`,
      },
    ];
  const { users, roles } = unnamed(auth, is);
  if (users.length + roles.length === 0) return [];
  const extra = [...users.map((user) => `the user ${user}`), ...roles.map((role) => `the role ${role}`)].join(", ");
  return [
    {
      code: "E_AUTH_EXTRA",
      member: undefined,
      message: `etcd has ${extra}, which the file does not name`,
      severity: "warn",
    },
  ];
}
