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

/** A user whom etcd does not know from now on. */
export interface DropUser extends AuthStep {
  readonly kind: "drop-user";
  readonly user: string;
}

export const dropUser: StepKind<DropUser> = {
  kind: "drop-user",
  risk: "none",
  patience: authPatience,
  title: ({ user }) => `remove the user ${user}`,
  final: ({ user }) => `the password and the roles of ${user}, which the file does not know`,
  guard({ user }, now) {
    if (user === "root" || user === authIn(now).self)
      return { code: "E_AUTH_LOCKOUT", message: `${user} is whom etcd takes quorate for` };
    return needsQuorum(now);
  },
  effect({ user }, now) {
    const { [user]: _gone, ...users } = authIn(now).users;
    return withAuth(now, { users });
  },
  async run(step, doing) {
    const auth = memberOf(step, doing);
    const { user } = step;
    if ((await asking(step, () => auth.users(callDeadline))).includes(user))
      await changeAuth(auth, step, { what: "drop-user", user });
    await doing.world.passwords.forget(user);
  },
};
