/** Who may do what, as etcd has it: asked of one member, and only when the file says something of it. */
import { X509Certificate } from "node:crypto";
import { EtcdError, type MemberAuth } from "../etcd/cluster.js";
import { rootCommonName } from "../pki/names.js";
import { grantText } from "../spec/grant.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import type { Observation } from "./observation.js";

/** Milliseconds for one question. */
const deadline = 3_000;

export type AuthObservation =
  | {
      readonly state: "seen";
      /** Whom etcd takes quorate for: the CN of its client certificate. */
      readonly self: string;
      readonly enabled: boolean;
      readonly roles: Readonly<Record<string, readonly string[]>>;
      /** Roles of each user. */
      readonly users: Readonly<Record<string, readonly string[]>>;
      /** Users of the file whose password is not known to be the one that its source gives. */
      readonly stale: readonly string[];
      /** Why the password of a user could not be had, in words. */
      readonly unreadable: Readonly<Record<string, string>>;
    }
  /** Nobody is there to be asked. */
  | { readonly state: "unasked"; readonly self: string; readonly unreadable: Readonly<Record<string, string>> }
  | { readonly state: "refused"; readonly self: string; readonly why: string };

/** undefined: the file says nothing of it. Never rejects for what a member does. */
export async function observeAuth(
  spec: Spec,
  world: World,
  etcd: Observation["etcd"],
): Promise<AuthObservation | undefined> {
  if (spec.auth === undefined) return undefined;
  const voters = spec.members.filter(({ name }) => isVoter(etcd[name]));
  const self = commonNameIn((await world.authority.storedClient())?.cert);
  const unreadable = await unreadablePasswords(spec.auth, world);
  for (const { client } of voters) {
    const { auth } = world.cluster.member(client.url);
    try {
      const [enabled, roles, users, stale] = await Promise.all([
        auth.isEnabled(deadline),
        grantsOf(auth),
        rolesOfUsers(auth),
        staleUsers(spec.auth, world),
      ]);
      return { state: "seen", self, enabled, roles, users, stale, unreadable };
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      if (!isPassing(error)) return { state: "refused", self, why: error.message };
    }
  }
  return { state: "unasked", self, unreadable };
}

/** gRPC's INVALID_ARGUMENT (a user without a name), PERMISSION_DENIED, FAILED_PRECONDITION and UNAUTHENTICATED. */
const refusals: readonly number[] = [3, 7, 9, 16];

/** Nobody said no: such as a question that was passed on to a leader who has just died (etcd lets it wait for 7 s). */
const isPassing = ({ status }: EtcdError): boolean => status === undefined || !refusals.includes(status);

const isVoter = (endpoint: Observation["etcd"][string] | undefined): boolean =>
  endpoint?.state === "serving" && !endpoint.status.isLearner && endpoint.status.leaderId !== "0";

async function grantsOf(auth: MemberAuth): Promise<Record<string, readonly string[]>> {
  const roles = await auth.roles(deadline);
  return Object.fromEntries(
    await Promise.all(
      roles.map(async (role) => [role, (await auth.grants(role, deadline)).map(grantText).sort()] as const),
    ),
  );
}

async function rolesOfUsers(auth: MemberAuth): Promise<Record<string, readonly string[]>> {
  const users = await auth.users(deadline);
  return Object.fromEntries(
    await Promise.all(users.map(async (user) => [user, await auth.rolesOf(user, deadline)] as const)),
  );
}

async function staleUsers({ users }: NonNullable<Spec["auth"]>, { passwords }: World): Promise<readonly string[]> {
  const states = await Promise.all(
    Object.keys(users).map(async (user) => [user, await passwords.isCurrent(user)] as const),
  );
  return states.filter(([, current]) => !current).map(([user]) => user);
}

async function unreadablePasswords(
  { users }: NonNullable<Spec["auth"]>,
  { passwords }: World,
): Promise<Record<string, string>> {
  const found = await Promise.all(
    Object.keys(users).map(async (user) => [user, await passwords.problem(user)] as const),
  );
  return Object.fromEntries(found.flatMap(([user, why]) => (why === undefined ? [] : [[user, why]])));
}

/** What etcd takes for the user's name; quorate's own when the certificate cannot be read. */
function commonNameIn(cert: string | undefined): string {
  try {
    const { subject } = new X509Certificate(cert ?? "");
    return /^CN=(.*)$/m.exec(subject)?.[1] ?? rootCommonName;
  } catch {
    return rootCommonName;
  }
}
