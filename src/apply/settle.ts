/** Waiting, in the one place where anything is waited for: for a guard to allow a step, and for an effect to be seen. */
import { QuorateError } from "../errors.js";
import type { Facts } from "../observe/facts.js";
import { effectOf, isDone, kindOf, type Step } from "../steps/kinds.js";
import type { Refusal } from "../steps/step.js";
import type { World } from "../world.js";
import { sightsBetween, type Sight, type Watcher } from "./watcher.js";

/** Milliseconds between looks at a listener: short against the time in which a cluster forms. */
const networkPause = 5;
/** Milliseconds between looks at a host, which cost a round trip. */
const hostPause = 1_000;
/** A supervisor that has restarted a process this often will not get it up by trying again. */
const restartsTolerated = 3;

export interface Waiting {
  readonly world: World;
  readonly watcher: Watcher;
}

/** @throws QuorateError with the guard's own code when patience ends before it allows the step. */
export async function waitForGuard(step: Step, before: Facts, { world, watcher }: Waiting): Promise<void> {
  const kind = kindOf(step);
  let refusal: Refusal | undefined = kind.guard(step, before);
  const until = world.clock.now() + kind.patience;
  while (refusal !== undefined && world.clock.now() < until) {
    await watcher.look(step.member, "client");
    refusal = kind.guard(step, watcher.facts());
    if (refusal !== undefined) await world.clock.sleep(networkPause * 4);
  }
  if (refusal !== undefined) throw new QuorateError(refusal.code, refusal.message, { where: step.member });
}

/**
 * Look until the effect of the step is seen in the parts asked for.
 * @throws QuorateError E_NO_EFFECT when patience ends, E_MEMBER_FAILED as soon as the host says that the process gave up
 */
export async function waitForEffect(step: Step, sights: readonly Sight[], { world, watcher }: Waiting): Promise<void> {
  const { patience, risk } = kindOf(step);
  const started = world.clock.now();
  let hostSeenAt = sights.includes("host") ? Number.NEGATIVE_INFINITY : started;
  for (;;) {
    const open = missing(step, watcher.facts()).filter((sight) => sights.includes(sight));
    const now = world.clock.now();
    const network = open.filter((sight) => sight !== "host");
    // The network is asked first: while it is silent, the host can only say whether the process has given up.
    const hostIsDue = network.length === 0 ? open.includes("host") && now - hostSeenAt >= hostPause / 10 : risk !== "none" && now - hostSeenAt >= hostPause;
    if (open.length === 0) return;
    if (now - started > patience) throw noEffect(step, watcher, now - started);
    await Promise.all(network.map((sight) => watcher.look(step.member, sight)));
    if (hostIsDue) {
      hostSeenAt = now;
      await watcher.look(step.member, "host");
      throwIfFailed(step, watcher);
    }
    if (missing(step, watcher.facts()).some((sight) => sights.includes(sight))) await world.clock.sleep(networkPause);
  }
}

function missing(step: Step, now: Facts): Sight[] {
  if (isDone(step, now)) return [];
  return [...sightsBetween(now.members[step.member], effectOf(step, now).members[step.member])];
}

function throwIfFailed(step: Step, watcher: Watcher): void {
  const host = watcher.host(step.member);
  if (kindOf(step).risk !== "restart" || step.kind === "stop-member" || host?.reach !== "reachable") return;
  const { state, restarts } = host.service;
  if (state !== "failed" && restarts < restartsTolerated) return;
  const message = state === "failed" ? `etcd on ${step.member} ended right after its start` : `etcd on ${step.member} was restarted ${restarts} times`;
  throw new QuorateError("E_MEMBER_FAILED", message, { where: step.member, found: host.service.logTail.join("\n") });
}

function noEffect(step: Step, watcher: Watcher, waited: number): QuorateError {
  const host = watcher.host(step.member);
  const facts = watcher.facts();
  const [now, wanted] = [facts.members[step.member], effectOf(step, facts).members[step.member]];
  const differing = Object.keys(wanted ?? {}).filter((key) => {
    const field = key as keyof NonNullable<typeof now>;
    return JSON.stringify(now?.[field]) !== JSON.stringify(wanted?.[field]);
  });
  const log = host?.reach === "reachable" ? host.service.logTail : [];
  return new QuorateError("E_NO_EFFECT", `${Math.round(waited / 1000)} s after "${kindOf(step).title(step)}" this is not as it should be: ${differing.join(", ")}`, {
    where: step.member,
    found: log.join("\n"),
  });
}
