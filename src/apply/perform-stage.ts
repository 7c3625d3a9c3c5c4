/** One stage: members side by side, a member's steps in order, and a look at the end that all of them took effect. */
import { EtcdError } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import type { Stage } from "../plan/plan.js";
import { everyone, type Spec } from "../spec/spec.js";
import { effectOf, kindOf, type Step } from "../steps/kinds.js";
import type { Doing } from "../steps/step.js";
import type { Boundary } from "./crash-points.js";
import type { Emit } from "./events.js";
import type { Journal } from "./journal.js";
import { missing, waitForEffect, waitForGuard, type Waiting } from "./settle.js";
import { tellDone, tellRest, type Begun } from "./tell-step.js";

export interface Performing extends Waiting {
  readonly spec: Spec;
  readonly journal: Journal;
  readonly emit: Emit;
  readonly boundary: Boundary;
  /** Called while hosts are at work and this process is not. */
  readonly meanwhile: () => void;
}

/** What was not done, and why, by step. */
type Failures = Map<Begun, unknown>;

/**
 * @param unconfirmed is given the steps whose effect on the host is still to be confirmed
 * @throws what the first step that failed did, after the other members' steps have ended too
 */
export async function performStage(
  index: number,
  stage: Stage,
  performing: Performing,
  unconfirmed: Begun[],
): Promise<void> {
  const members = [...new Set(stage.steps.map(({ member }) => member))];
  const outcomes = await Promise.allSettled(
    members.map((member) => {
      const since = performing.world.clock.now();
      const begun = stage.steps.map((step, position) => ({ id: `${index + 1}.${position + 1}`, step, since }));
      return performMember(
        begun.filter(({ step }) => step.member === member),
        performing,
        unconfirmed,
      );
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function performMember(steps: readonly Begun[], performing: Performing, unconfirmed: Begun[]): Promise<void> {
  const { begun, failures } = await actAll(steps, performing);
  if (failures.size === 0) await seeAll(begun, failures, performing);
  if (failures.size > 0) {
    await tellRest(begun, failures, performing);
    throw [...failures.values()][0];
  }
  for (const one of begun) {
    if (kindOf(one.step).confirmLater === true) unconfirmed.push(one);
    else tellDone(one, performing);
  }
}

/** Not awaited one by one: what is sent to a host is carried out there in the order in which it was sent. */
async function actAll(
  steps: readonly Begun[],
  performing: Performing,
): Promise<{ begun: readonly Begun[]; failures: Failures }> {
  const begun: Begun[] = [];
  const running: Promise<void>[] = [];
  const gathered = await gatherAll(steps, performing);
  // Then nothing is sent.
  if (gathered.failures.size > 0) return { begun: steps, failures: gathered.failures };
  // What was true when it was planned may not be by now, and here a quorum depends on it.
  if (steps.some(({ step }) => touchesCluster(step))) await performing.watcher.lookAround();
  if (steps.some(({ step }) => isOfAuth(step))) await performing.watcher.look(steps[0]?.step.member ?? "", "auth");
  let facts = performing.watcher.facts();
  for (const one of steps) {
    const acted = waitForGuard(one.step, facts, performing);
    const refused = await hasFailed(acted);
    begun.push(one);
    running.push(refused ? acted : performStep(one, performing, gathered.of));
    running.at(-1)?.catch(() => undefined); // Looked at below, when all have ended.
    if (refused) break;
    // A host keeps the order of what is sent to it; what the cluster is asked must have been done by then.
    if (touchesCluster(one.step) && (await hasFailed(running.at(-1)))) break;
    facts = effectOf(one.step, facts);
  }
  await new Promise(setImmediate); // What the steps send is on its way; a look sent now comes right behind it.
  performing.meanwhile();
  const looked = willBeSeenOnHost(steps, performing) ? lookBehind(steps, performing) : undefined;
  const [outcomes] = await Promise.all([Promise.allSettled(running), looked]);
  const failures: Failures = new Map();
  for (const [index, one] of begun.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === "rejected") failures.set(one, outcome.reason);
  }
  return { begun, failures };
}

const hasFailed = async (work: Promise<void> | undefined): Promise<boolean> =>
  work?.then(
    () => false,
    () => true,
  ) ?? false;

/** Seen only when one looks for it. */
const isOfAuth = ({ kind }: Step): boolean =>
  ["put-role", "drop-role", "put-user", "drop-user", "enable-auth", "disable-auth"].includes(kind);

/** Of a cluster that may serve: a first start has nobody to ask yet. */
const touchesCluster = (step: Step): boolean =>
  ["membership", "pause"].includes(kindOf(step).risk) ||
  isOfAuth(step) ||
  ["restart-member", "move-leader", "compact", "disarm-alarm"].includes(step.kind);

/** What steps will send; undefined when none of them had to be waited for. */
type Gathered = ReadonlyMap<Begun, unknown> | undefined;

/** Told as started before anything is fetched for them, since that can take minutes. */
async function gatherAll(
  steps: readonly Begun[],
  performing: Performing,
): Promise<{ of: Gathered; failures: Failures }> {
  const failures: Failures = new Map();
  if (steps.every(({ step }) => kindOf(step).gather === undefined)) return { of: undefined, failures };
  for (const one of steps) tellStarted(one, performing);
  const gathered = new Map<Begun, unknown>();
  await Promise.all(
    steps.map(async (one) => {
      try {
        gathered.set(one, await kindOf(one.step).gather?.(one.step, doingOf(one, performing)));
      } catch (error) {
        failures.set(one, error);
      }
    }),
  );
  return { of: gathered, failures };
}

/** At once, and nowhere else: what a member's restart does to its host is looked at later. */
function willBeSeenOnHost(steps: readonly Begun[], { watcher }: Performing): boolean {
  const facts = watcher.facts();
  return (
    steps.every(({ step }) => kindOf(step).risk === "none") &&
    steps.some(({ step }) => missing(step, facts).includes("host"))
  );
}

async function lookBehind([first]: readonly Begun[], { watcher }: Performing): Promise<void> {
  if (first !== undefined) await watcher.look(first.step.member, "host");
}

function tellStarted({ id, step }: Begun, { emit }: Performing): void {
  emit({ type: "step-started", step: id, member: step.member, title: kindOf(step).title(step) });
}

function doingOf({ id, step }: Begun, { spec, world, emit }: Performing): Doing {
  return {
    spec,
    world,
    progress: (done, total, what) => emit({ type: "step-progress", step: id, member: step.member, done, total, what }),
  };
}

async function seeAll(begun: readonly Begun[], failures: Failures, performing: Performing): Promise<void> {
  for (const one of begun) {
    // What its API said before says nothing of the process that has been started since.
    if (one.step.kind === "restart-member") performing.watcher.forget(one.step.member);
    const sights =
      kindOf(one.step).confirmLater === true
        ? (["peer", "client", "cluster", "auth"] as const)
        : (["host", "peer", "client", "cluster", "auth"] as const);
    try {
      await waitForEffect(one.step, sights, performing);
    } catch (error) {
      failures.set(one, error);
      return;
    }
  }
}

async function performStep(one: Begun, performing: Performing, gathered: Gathered): Promise<void> {
  const { step } = one;
  const { spec, world, journal, boundary } = performing;
  const kind = kindOf(step);
  boundary();
  if (gathered === undefined) tellStarted(one, performing);
  const member = everyone(spec).find(({ name }) => name === step.member);
  // A member may be taken off the cluster's list just because its host is gone.
  const isThere = performing.watcher.host(step.member)?.reach === "reachable";
  const lines = member === undefined || !isThere || step.kind === "remove-files" ? [] : journal.outstanding(member);
  const journalled = lines.length === 0 ? undefined : world.host(step.member).act(lines);
  try {
    await Promise.all([journalled, kind.run(step, doingOf(one, performing), gathered?.get(one))]);
  } catch (error) {
    // Whoever was asked may have died a moment ago; that ends the step and not the whole of quorate.
    if (!(error instanceof EtcdError)) throw error;
    throw new QuorateError("E_CHANGE_REFUSED", `etcd did not do it: ${error.message}`, { where: step.member });
  }
  boundary();
}

/**
 * Hosts first, since a member can only be expected to serve when enough others are seen to run.
 * @throws what the first step that is not confirmed failed with, after all were asked
 */
export async function confirm(unconfirmed: readonly Begun[], performing: Performing): Promise<void> {
  const facts = performing.watcher.facts();
  const open = unconfirmed.filter(({ step }) => missing(step, facts).includes("host"));
  await Promise.all(open.map(({ step }) => performing.watcher.look(step.member, "host")));
  const outcomes = await Promise.allSettled(
    unconfirmed.map(async (one) => {
      try {
        await waitForEffect(one.step, ["host", "peer", "client", "cluster", "auth"], performing);
      } catch (error) {
        await tellRest([one], new Map([[one, error]]), performing);
        throw error;
      }
      tellDone(one, performing);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
