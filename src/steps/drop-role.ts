import {
  asking,
  authIn,
  authPatience,
  changeAuth,
  memberOf,
  needsQuorum,
  withAuth,
  type AuthStep,
} from "./ask-auth.js";
import { callDeadline } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** A role that nobody has from now on. */
export interface DropRole extends AuthStep {
  readonly kind: "drop-role";
  readonly role: string;
}

export const dropRole: StepKind<DropRole> = {
  kind: "drop-role",
  risk: "none",
  patience: authPatience,
  title: ({ role }) => `remove the role ${role}`,
  final: ({ role }) => `what ${role} might do: note it first, with \`etcdctl role get ${role}\``,
  guard({ role }, now) {
    if (role === "root") return { code: "E_AUTH_LOCKOUT", message: "the role root is what quorate itself comes with" };
    return needsQuorum(now);
  },
  effect({ role }, now) {
    const { [role]: _gone, ...roles } = authIn(now).roles;
    const users = Object.entries(authIn(now).users).map(([name, user]) => [
      name,
      { ...user, roles: user.roles.filter((one) => one !== role) },
    ]);
    return withAuth(now, { roles, users: Object.fromEntries(users) });
  },
  async run(step, doing) {
    const auth = memberOf(step, doing);
    const { role } = step;
    if ((await asking(step, () => auth.roles(callDeadline))).includes(role))
      await changeAuth(auth, step, { what: "drop-role", role });
  },
};
