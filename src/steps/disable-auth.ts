import { asking, authPatience, changeAuth, memberOf, needsQuorum, withAuth, type AuthStep } from "./ask-auth.js";
import { callDeadline } from "./ask-cluster.js";
import type { StepKind } from "./step.js";

/** From now on whoever has a certificate may do everything. Users and roles stay. */
export interface DisableAuth extends AuthStep {
  readonly kind: "disable-auth";
}

export const disableAuth: StepKind<DisableAuth> = {
  kind: "disable-auth",
  risk: "none",
  patience: authPatience,
  title: () => "stop asking who somebody is",
  guard: (_step, now) => needsQuorum(now),
  effect: (_step, now) => withAuth(now, { enabled: "no" }),
  async run(step, doing) {
    const auth = memberOf(step, doing);
    if (await asking(step, () => auth.isEnabled(callDeadline))) await changeAuth(auth, step, { what: "disable" });
  },
};
