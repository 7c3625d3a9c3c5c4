/** Waiting, in the one place where anything is waited for: for a guard to allow a step, and for an effect to be seen. */
import { QuorateError } from "../errors.js";
import { equal, type Facts } from "../observe/facts.js";
import { restartsTolerated } from "../plan/stuck.js";
import { effectOf, isDone, kindOf, type Step } from "../steps/kinds.js";
import type { Refusal } from "../steps/step.js";
import type { World } from "../world.js";
import { sightsBetween, type Sight, type Watcher } from "./watcher.js";

/** Milliseconds between looks at a listener: short against the time in which a cluster forms, and longer when it takes longer. */
const networkPause = (waited: number): number => Math.min(250, Math.max(5, waited / 50));
/** Milliseconds between looks at a host, which cost a round trip. */
const hostPause = 1_000;
/** The same when the host is all that is waited for. */
const hostAlonePause = 100;

export interface Waiting {
  readonly world: World;
  readonly watcher: Watcher;
}

/**
 * @throws QuorateError with the guard's own code when patience ends before it allows the step, E_MEMBER_FAILED as soon
 * as the host says that the process gave up
 */
export async function waitForGuard(step: Step, before: Facts, { world, watcher }: Waiting): Promise<void> {
  const kind = kindOf(step);
  let refusal: Refusal | undefined = kind.guard(step, before);
  const started = world.clock.now();
  let hostSeenAt = started;
  while (refusal !== undefined && world.clock.now() - started < (kind.guardPatience ?? kind.patience)) {
    // Whether others can spare a member is a matter of all of them.
    await watcher.look(step.member, kind.risk === "none" ? "client" : "cluster");
    refusal = kind.guard(step, watcher.facts());
    if (refusal === undefined) return;
    // A step without risk is kept waiting by a process that is to serve; other steps may be there to mend a failed one.
    if (kind.risk === "none" && world.clock.now() - hostSeenAt >= hostPause) {
      hostSeenAt = world.clock.now();
      await watcher.look(step.member, "host");
      throwIfGivenUp(step.member, watcher);
    }
    await world.clock.sleep(4 * networkPause(world.clock.now() - started));
  }
  if (refusal !== undefined)
    throw new QuorateError(refusal.code, refusal.message, { where: step.member, found: logOf(step.member, watcher) });
}

/**
 * Look until the effect of the step is seen in the parts asked for.
 * @throws QuorateError E_NO_EFFECT when patience ends, E_MEMBER_FAILED as soon as the host says that the process gave up
 */
export async function waitForEffect(step: Step, sights: readonly Sight[], { world, watcher }: Waiting): Promise<void> {
  const { patience, risk, settling } = kindOf(step);
  const started = world.clock.now();
  const settled = settling?.(step) ?? 0;
  if (settled > 0 && missing(step, watcher.facts()).length > 0) await world.clock.sleep(settled);
  let hostSeenAt = sights.includes("host") ? Number.NEGATIVE_INFINITY : started;
  for (;;) {
    const open = missing(step, watcher.facts()).filter((sight) => sights.includes(sight));
    if (open.length === 0) return;
    const now = world.clock.now();
    if (now - started > patience) throw noEffect(step, watcher, now - started);
    const network = open.filter((sight) => sight !== "host");
    const around = network.includes("cluster");
    await Promise.all(
      network.filter((sight) => !around || sight === "peer").map((sight) => watcher.look(step.member, sight)),
    );
    if (around) await watcher.lookAround();
    // The network is asked first: while it is silent, the host can only say whether the process has given up.
    const hostIsDue =
      network.length === 0 ? now - hostSeenAt >= hostAlonePause : risk !== "none" && now - hostSeenAt >= hostPause;
    if (hostIsDue) {
      hostSeenAt = now;
      await watcher.look(step.member, "host");
      if (risk === "restart" && step.kind !== "stop-member") throwIfGivenUp(step.member, watcher);
    }
    if (missing(step, watcher.facts()).some((sight) => sights.includes(sight)))
      await world.clock.sleep(networkPause(now - started));
  }
}

/** Where one must still look to see the effect of a step. */
export function missing(step: Step, now: Facts): Sight[] {
  if (isDone(step, now)) return [];
  const after = effectOf(step, now);
  const sights = sightsBetween(now.members[step.member], after.members[step.member]);
  if (!equal(now.alarms, after.alarms)) sights.add("cluster");
  if (!equal(now.auth, after.auth)) sights.add("auth");
  const others = kindOf(step).others?.(step) ?? [];
  if (others.some((name) => !equal(now.members[name], after.members[name]))) sights.add("cluster");
  return [...sights];
}

function throwIfGivenUp(member: string, watcher: Watcher): void {
  const host = watcher.host(member);
  if (host?.reach !== "reachable") return;
  const { state, restarts } = host.service;
  if (state !== "failed" && restarts < restartsTolerated) return;
  const message =
    state === "failed"
      ? `etcd on ${member} ended right after its start`
      : `etcd on ${member} was restarted ${restarts} times`;
  const found = logOf(member, watcher);
  const next = adviceIn(found, member);
  throw new QuorateError("E_MEMBER_FAILED", message, { where: member, found, ...(next !== undefined && { next }) });
}

/** Last words of etcd for which there is a command (server/etcdserver/corrupt.go). */
const adviceIn = (log: string, member: string): string | undefined =>
  log.includes("found data inconsistency with peers")
    ? `it has other data than the others: \`quorate rebuild ${member}\` takes theirs`
    : undefined;

function logOf(member: string, watcher: Watcher): string {
  const host = watcher.host(member);
  return host?.reach === "reachable" ? host.service.logTail.join("\n") : "";
}

function noEffect(step: Step, watcher: Watcher, waited: number): QuorateError {
  const host = watcher.host(step.member);
  if (host?.reach === "unreachable")
    return new QuorateError(host.error.code, host.error.message, { ...host.error.details, where: step.member });
  const facts = watcher.facts();
  const [now, wanted] = [facts.members[step.member], effectOf(step, facts).members[step.member]];
  const differing = Object.keys(wanted ?? {}).filter((key) => {
    const field = key as keyof NonNullable<typeof now>;
    return JSON.stringify(now?.[field]) !== JSON.stringify(wanted?.[field]);
  });
  const message = `${Math.round(waited / 1000)} s after "${kindOf(step).title(step)}" this is not as it should be: ${differing.join(", ")}`;
  return new QuorateError("E_NO_EFFECT", message, { where: step.member, found: logOf(step.member, watcher) });
}
