import { QuorateError } from "../errors.js";
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

/** From now on etcd asks everybody who they are. */
export interface EnableAuth extends AuthStep {
  readonly kind: "enable-auth";
  /** Whom etcd will take quorate for. */
  readonly self: string;
}

export const enableAuth: StepKind<EnableAuth> = {
  kind: "enable-auth",
  risk: "none",
  patience: authPatience,
  title: ({ self }) => `start to ask everybody who they are (quorate is ${self})`,
  guard({ self }, now) {
    const { users } = authIn(now);
    const lacking = ["root", self].find((user) => users[user]?.roles.includes("root") !== true);
    if (lacking !== undefined)
      return { code: "E_AUTH_LOCKOUT", message: `the user ${lacking} does not have the role root` };
    return needsQuorum(now);
  },
  effect: (_step, now) => withAuth(now, { enabled: "yes" }),
  /** Looked at once more, since nobody could turn it off again whom etcd does not take for root. */
  async run(step, doing) {
    const auth = memberOf(step, doing);
    for (const user of new Set(["root", step.self])) {
      const roles = await asking(step, () => auth.rolesOf(user, callDeadline));
      if (!roles.includes("root"))
        throw new QuorateError("E_AUTH_LOCKOUT", `the user ${user} does not have the role root`, {
          where: step.member,
        });
    }
    await changeAuth(auth, step, { what: "enable" });
  },
  inverse: (step, before) =>
    before.auth?.enabled === "no"
      ? ({ kind: "disable-auth", member: step.member, clientUrl: step.clientUrl } as AuthStep)
      : undefined,
};
