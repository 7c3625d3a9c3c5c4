/** One stage: members side by side, a member's steps in order, and a look at the end that all of them took effect. */
import { invariant, QuorateError } from "../errors.js";
import type { Stage } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import { effectOf, isDone, kindOf, type Step } from "../steps/kinds.js";
import { boundary } from "./crash-points.js";
import type { Emit } from "./events.js";
import type { Journal } from "./journal.js";
import { waitForEffect, waitForGuard, type Waiting } from "./settle.js";

export interface Performing extends Waiting {
  readonly spec: Spec;
  readonly journal: Journal;
  readonly emit: Emit;
}

/** Steps whose effect on the host is still to be confirmed. */
export type Unconfirmed = readonly { readonly id: string; readonly step: Step; readonly since: number }[];

/** @throws QuorateError of the first step that failed, after the other members' steps have ended too. */
export async function performStage(index: number, stage: Stage, performing: Performing): Promise<Unconfirmed> {
  const byMember = groupByMember(stage.steps);
  const outcomes = await Promise.allSettled([...byMember.values()].map((steps) => performMember(index, stage, steps, performing)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
}

function groupByMember(steps: readonly Step[]): Map<string, Step[]> {
  const groups = new Map<string, Step[]>();
  for (const step of steps) groups.set(step.member, [...(groups.get(step.member) ?? []), step]);
  return groups;
}

async function performMember(index: number, stage: Stage, steps: readonly Step[], performing: Performing): Promise<Unconfirmed> {
  const { watcher, emit, world } = performing;
  const since = world.clock.now();
  const named = steps.map((step) => ({ id: `${index + 1}.${stage.steps.indexOf(step) + 1}`, step, since }));
  // Not awaited one by one: what is sent to a host is carried out there in the order in which it was sent.
  let facts = watcher.facts();
  const running: Promise<void>[] = [];
  for (const { id, step } of named) {
    await waitForGuard(step, facts, performing).catch((error: unknown) => fail(id, step, error, emit));
    running.push(performStep(id, step, performing));
    facts = effectOf(step, facts);
  }
  const outcomes = await Promise.allSettled(running);
  const broken = outcomes.findIndex((outcome) => outcome.status === "rejected");
  if (broken >= 0) {
    const [outcome, culprit] = [outcomes[broken], named[broken]];
    invariant(outcome?.status === "rejected" && culprit !== undefined, "a rejected outcome has a reason and a step");
    await reportDone(named, performing);
    return fail(culprit.id, culprit.step, outcome.reason, emit);
  }
  const later = named.filter(({ step }) => kindOf(step).confirmLater === true);
  for (const { id, step } of named) {
    const sights = kindOf(step).confirmLater === true ? (["peer", "client"] as const) : (["host", "peer", "client"] as const);
    await waitForEffect(step, sights, performing).catch((error: unknown) => fail(id, step, error, emit));
  }
  for (const { id, step } of named) {
    if (kindOf(step).confirmLater !== true) done(id, step, since, performing);
  }
  return later;
}

async function performStep(id: string, step: Step, { spec, world, emit, journal }: Performing): Promise<void> {
  const kind = kindOf(step);
  boundary();
  emit({ type: "step-started", step: id, member: step.member, title: kind.title(step) });
  const member = spec.members.find(({ name }) => name === step.member);
  const lines = member === undefined || step.kind === "remove-files" ? [] : journal.outstanding(member);
  const told = lines.length === 0 ? undefined : world.host(step.member).act(lines);
  const progress = (done: number, total: number | undefined, what: string): void =>
    emit({ type: "step-progress", step: id, member: step.member, done, total, what });
  await Promise.all([told, kind.run(step, { spec, world, progress })]);
  boundary();
}

/** @throws QuorateError when the host does not confirm. */
export async function confirm(unconfirmed: Unconfirmed, performing: Performing): Promise<void> {
  await Promise.all(
    unconfirmed.map(async ({ id, step, since }) => {
      await waitForEffect(step, ["host"], performing).catch((error: unknown) => fail(id, step, error, performing.emit));
      done(id, step, since, performing);
    }),
  );
}

/** After a failure: which of the member's steps did take effect, by one look at its host. */
async function reportDone(named: Unconfirmed, performing: Performing): Promise<void> {
  const [first] = named;
  if (first === undefined) return;
  await performing.watcher.look(first.step.member, "host");
  const facts = performing.watcher.facts();
  for (const { id, step, since } of named) if (isDone(step, facts)) done(id, step, since, performing);
}

function done(id: string, step: Step, since: number, { emit, world }: Performing): void {
  emit({ type: "step-done", step: id, member: step.member, milliseconds: world.clock.now() - since, already: false });
}

function fail(id: string, step: Step, error: unknown, emit: Emit): never {
  if (error instanceof QuorateError) {
    const { code, message, next, details } = error;
    const log = details.found === undefined || details.found === "" ? [] : details.found.split("\n");
    emit({ type: "step-failed", step: id, member: step.member, failure: { code, message, next, ...(log.length > 0 && { log }) } });
  }
  throw error;
}
