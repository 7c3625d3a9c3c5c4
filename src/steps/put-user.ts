import { EtcdError, type MemberAuth } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import type { Hidden } from "../world.js";
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
import type { Doing, StepKind } from "./step.js";

/** A user with these roles, and with the password that its source gives at the time. */
export interface PutUser extends AuthStep {
  readonly kind: "put-user";
  readonly user: string;
  /** Sorted. */
  readonly roles: readonly string[];
  readonly comesWith: "password" | "certificate";
  /** What of it differs. */
  readonly what: "all" | "roles" | "password";
}

export const putUser: StepKind<PutUser> = {
  kind: "put-user",
  risk: "none",
  patience: authPatience,
  title({ user, roles, comesWith, what }) {
    const has = roles.length === 0 ? "no role" : `${roles.length === 1 ? "the role" : "the roles"} ${roles.join(", ")}`;
    const way = comesWith === "password" ? "a password" : "its certificate alone";
    if (what === "roles") return `set the roles of the user ${user}: ${has}`;
    if (what === "password") return `set how the user ${user} comes in: ${way}`;
    return `make the user ${user} with ${has} and ${way}`;
  },
  guard({ user, roles }, now) {
    if ((user === "root" || user === authIn(now).self) && !roles.includes("root"))
      return { code: "E_AUTH_LOCKOUT", message: `${user} is whom etcd takes quorate for, and needs the role root` };
    return needsQuorum(now);
  },
  effect: ({ user, roles }, now) =>
    withAuth(now, { users: { ...authIn(now).users, [user]: { roles, password: "current" } } }),
  async run(step, doing) {
    const { user } = step;
    const { passwords } = doing.world;
    const auth = memberOf(step, doing);
    const exists = (await asking(step, () => auth.users(callDeadline))).includes(user);
    const current = exists && (await passwords.isCurrent(user));
    const password = current ? undefined : await passwords.of(user);
    if (!exists) await changeAuth(auth, step, { what: "add-user", user, password: password?.reveal() });
    else if (!current) await changeWayIn(auth, step, doing, password);
    await setRoles(auth, step);
    // Only what etcd is known to accept is remembered: until then the next run sees it as yet to be done.
    if (!current) await passwords.record(user, password);
  },
};

/** Etcd changes a password at one instant for all members: there is always exactly one that is right. */
async function changeWayIn(
  auth: MemberAuth,
  step: PutUser,
  { world }: Doing,
  password: Hidden | undefined,
): Promise<void> {
  const { user } = step;
  const applied = await world.passwords.kindApplied(user);
  if (applied === "none" || password === undefined) return makeAnew(auth, step, password);
  const enabled = await asking(step, () => auth.isEnabled(callDeadline));
  if (enabled && (await lets(auth, user, password))) return undefined;
  await changeAuth(auth, step, { what: "set-password", user, password: password.reveal() });
  if (enabled && !(await lets(auth, user, password))) await makeAnew(auth, step, password);
  return undefined;
}

/** Whether a user has a password at all is settled when it is made. */
async function makeAnew(auth: MemberAuth, step: PutUser, password: Hidden | undefined): Promise<void> {
  const { user } = step;
  if (user === "root" && (await asking(step, () => auth.isEnabled(callDeadline))))
    throw new QuorateError(
      "E_AUTH_LOCKOUT",
      "etcd does not let go of the user root while authentication is on, and only a new user can come in another way",
      { where: step.member, next: "write `enabled: false` under `auth`, run `quorate up`, and turn it on again" },
    );
  await changeAuth(auth, step, { what: "drop-user", user });
  await changeAuth(auth, step, { what: "add-user", user, password: password?.reveal() });
}

async function lets(auth: MemberAuth, user: string, password: Hidden): Promise<boolean> {
  try {
    await auth.change({ what: "authenticate", user, password: password.reveal() }, callDeadline);
    return true;
  } catch (error) {
    if (error instanceof EtcdError && error.status === invalidArgument) return false;
    throw error;
  }
}

/** gRPC's status for a wrong password. */
const invalidArgument = 3;

/** What it may before and afterwards it may all along. */
async function setRoles(auth: MemberAuth, step: PutUser): Promise<void> {
  const { user, roles } = step;
  const before = await asking(step, () => auth.rolesOf(user, callDeadline));
  for (const role of roles.filter((one) => !before.includes(one)))
    await changeAuth(auth, step, { what: "give-role", user, role });
  for (const role of before.filter((one) => !roles.includes(one)))
    await changeAuth(auth, step, { what: "take-role", user, role });
}
