import { grantText, parseGrant } from "../spec/grant.js";
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

/** A role that may do this and nothing else. What it may do before and afterwards it may do all along. */
export interface PutRole extends AuthStep {
  readonly kind: "put-role";
  readonly role: string;
  /** Texts of grants, sorted. */
  readonly grants: readonly string[];
  readonly isNew: boolean;
}

export const putRole: StepKind<PutRole> = {
  kind: "put-role",
  risk: "none",
  patience: authPatience,
  title({ role, grants, isNew }) {
    const may = grants.length === 0 ? "" : `: ${grants.join(", ")}`;
    return isNew ? `make the role ${role}${may}` : `set what the role ${role} may do${may}`;
  },
  guard: (_step, now) => needsQuorum(now),
  effect: (step, now) => withAuth(now, { roles: { ...authIn(now).roles, [step.role]: step.grants } }),
  async run(step, doing) {
    const { role } = step;
    const auth = memberOf(step, doing);
    const exists = (await asking(step, () => auth.roles(callDeadline))).includes(role);
    if (!exists) await changeAuth(auth, step, { what: "add-role", role });
    const before = exists ? await asking(step, () => auth.grants(role, callDeadline)) : [];
    const wanted = step.grants.flatMap((text) => parseGrant(text) ?? []);
    for (const grant of wanted)
      if (!before.some((one) => grantText(one) === grantText(grant)))
        await changeAuth(auth, step, { what: "grant", role, grant });
    for (const grant of before)
      if (!wanted.some(({ key, end }) => key === grant.key && end === grant.end))
        await changeAuth(auth, step, { what: "revoke", role, grant });
  },
};
