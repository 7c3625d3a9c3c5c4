/** Changing users and roles: of the member that the step names, since any of them takes it to all. */
import { EtcdError, type AuthChange, type MemberAuth } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import { nobody } from "../observe/auth-facts.js";
import type { AuthFacts, Facts } from "../observe/facts.js";
import { quorum } from "../observe/quorum.js";
import { callDeadline } from "./ask-cluster.js";
import type { Doing, Refusal, StepBase } from "./step.js";

export interface AuthStep extends StepBase {
  readonly clientUrl: string;
}

/** Milliseconds for the guard and the effect of what the cluster agrees on in a few. */
export const authPatience = 15_000;

export const authIn = (now: Facts): AuthFacts => now.auth ?? nobody;

export const withAuth = (now: Facts, change: Partial<AuthFacts>): Facts => ({
  ...now,
  auth: { ...authIn(now), ...change },
});

export function needsQuorum(now: Facts): Refusal | undefined {
  if (quorum(now).spare >= 0) return undefined;
  return { code: "E_NO_QUORUM", message: "the cluster has no quorum, so it cannot agree on users and roles" };
}

export const memberOf = ({ clientUrl }: AuthStep, { world }: Doing): MemberAuth => world.cluster.member(clientUrl).auth;

/** @throws QuorateError E_AUTH with what etcd said */
export async function changeAuth(auth: MemberAuth, step: AuthStep, change: AuthChange): Promise<void> {
  await asking(step, () => auth.change(change, callDeadline));
}

export async function asking<T>({ member }: AuthStep, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    throw new QuorateError("E_AUTH", `etcd refused: ${error.message}`, { where: member, found: error.message });
  }
}
