/** Doing it: one executor carries a plan out, and everything it does comes out as events. */
import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { QuorateError } from "../errors.js";
import type { Host, HostObservation, LockHolder } from "../host/host.js";
import { equal } from "../observe/facts.js";
import { observeEndpoints, observeTrust, withAuth, withPublished } from "../observe/observe.js";
import type { Observation } from "../observe/observation.js";
import { questionFor } from "../observe/question.js";
import { keeperOf } from "../plan/desired.js";
import type { Plan } from "../plan/plan.js";
import { refused } from "../plan/plan.js";
import { everyone, type Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { boundary, type Boundary } from "./crash-points.js";
import type { Emit, Failure, Listener, Outcome } from "./events.js";
import { Journal } from "./journal.js";
import { takeLock } from "./lock.js";
import { confirm, performStage, type Performing } from "./perform-stage.js";
import { recordReached, recordRoster } from "./roster.js";
import { failureOf, tellRest, type Begun } from "./tell-step.js";
import { Watcher } from "./watcher.js";

export interface ApplyOptions {
  readonly spec: Spec;
  readonly world: World;
  readonly plan: Plan;
  /** Releases that the hosts were asked for when the plan was made. */
  readonly versions: readonly string[];
  /** Plan again from a new observation; the plan is carried out only if it comes out the same under the lock. */
  readonly replan: (seen: Observation) => Promise<Plan>;
  /** What the operator typed, for the lock and the journal. */
  readonly command: string;
  /** Text of the cluster file that is to be made true, for the journal. */
  readonly file?: string;
  readonly listen?: Listener;
  /** Aborting ends the run after the stage that is under way, in a state from which it can go on. */
  readonly signal?: AbortSignal;
  /** Take the lock from whoever has it. */
  readonly steal?: boolean;
  /** Called before and after each step's action. */
  readonly boundary?: Boundary;
}

export interface Report {
  readonly run: string;
  readonly outcome: Outcome;
  readonly failure: Failure | undefined;
  readonly stagesDone: number;
  readonly milliseconds: number;
}

/**
 * @returns what came of it; failures of steps are values here
 * @throws QuorateError before anything was done: E_LOCKED, E_CHANGED, E_JOURNAL, and what taking the lock failed with;
 *   E_JOURNAL also at the end, when the record could not be completed
 */
export async function apply(options: ApplyOptions): Promise<Report> {
  const { spec, world, plan, signal } = options;
  if (refused(plan)) throw new QuorateError("E_REFUSED", "the plan names problems that must be settled first");
  const begun = world.clock.now();
  const run = runName(begun);
  const journal = new Journal(world.ledger, run, keeperOf(spec));
  const emit: Emit = (body) => {
    const event = { at: new Date(world.clock.now()).toISOString(), run, ...body };
    journal.record(event);
    options.listen?.(event);
  };
  const holder = holderOf(options.command, run, begun);
  const hosts = reachableHosts(options);
  const looks: Record<string, HostObservation> = {};
  const lock = await takeLock(hosts, holder, {
    steal: options.steal ?? false,
    alongside: (host) => lookAt(host, options, looks),
  });
  let acting = false;
  try {
    await lock.alongside;
    const seen = await observeLocked(options, looks);
    const again = await options.replan(seen);
    if (refused(again) || !equal(again.stages, plan.stages))
      throw new QuorateError("E_CHANGED", "the hosts or the members are no longer as they were when this was planned");
    const { command, file } = options;
    const { operator, machine } = holder;
    emit({ type: "run-started", command, operator, machine, plan, ...(file !== undefined && { file }) });
    const formed = await world.ledger.formed();
    if (plan.goal === "running") await recordRoster(world, spec, plan);
    await journal.synced();
    acting = true;
    const watcher = new Watcher({ spec, world, versions: options.versions, seen, formed, saved: plan.before.saved });
    const result = await runStages(
      plan,
      {
        spec,
        world,
        watcher,
        journal,
        emit,
        boundary: options.boundary ?? boundary,
        meanwhile: readiness(plan, world),
      },
      signal,
    );
    const outcome: Outcome =
      result.outcome === "done" && plan.problems.some(({ severity }) => severity === "degraded")
        ? "degraded"
        : result.outcome;
    if (outcome === "done" && plan.goal === "running") await recordReached(world, spec, plan, watcher.facts());
    const milliseconds = world.clock.now() - begun;
    emit({
      type: "run-finished",
      outcome,
      milliseconds,
      ...(result.failure !== undefined && { failure: result.failure }),
    });
    await journal.synced();
    return { run, outcome, failure: result.failure, stagesDone: result.stagesDone, milliseconds };
  } finally {
    // The lock is given back behind the last lines, in the same round trip.
    const sent = acting ? sendJournal(options, hosts, journal) : undefined;
    await Promise.allSettled([journal.synced(), sent, lock.release()]);
  }
}

/** Members that are about to start will be asked at once, and are not kept waiting for what that takes. */
function readiness(plan: Plan, { cluster }: World): () => void {
  let isReady = plan.stages.every(({ steps }) => steps.every(({ kind }) => kind !== "start-member"));
  return () => {
    if (!isReady) cluster.ready?.().catch(() => undefined); // Whatever is wrong will be told by who asks.
    isReady = true;
  };
}

async function runStages(
  plan: Plan,
  performing: Performing,
  signal: AbortSignal | undefined,
): Promise<Pick<Report, "outcome" | "failure" | "stagesDone">> {
  let stagesDone = 0;
  const unconfirmed: Begun[] = [];
  // Emptied first: each is told once, also when confirming fails.
  const confirmAll = (): Promise<void> => confirm(unconfirmed.splice(0), performing);
  try {
    for (const [index, stage] of plan.stages.entries()) {
      if (signal?.aborted === true) {
        await confirmAll();
        return { outcome: "interrupted", failure: undefined, stagesDone };
      }
      performing.emit({ type: "stage-started", stage: index, title: stage.title });
      const before = unconfirmed.length;
      await performStage(index, stage, performing, unconfirmed);
      if (unconfirmed.length === before) await confirmAll();
      performing.emit({ type: "stage-done", stage: index, quorum: stage.quorum });
      stagesDone += 1;
    }
    await confirmAll();
    return { outcome: "done", failure: undefined, stagesDone };
  } catch (error) {
    if (!(error instanceof QuorateError)) throw error;
    await tellRest(unconfirmed, new Map(), performing);
    return { outcome: "failed", failure: failureOf(error), stagesDone };
  }
}

function reachableHosts({ spec, world, plan }: ApplyOptions): Host[] {
  return everyone(spec)
    .filter(({ name }) => plan.before.members[name]?.reach === "yes")
    .map(({ name }) => world.host(name));
}

async function lookAt(
  host: Host,
  { spec, versions }: ApplyOptions,
  looks: Record<string, HostObservation>,
): Promise<void> {
  const member = everyone(spec).find(({ name }) => name === host.name);
  if (member !== undefined) looks[host.name] = await host.observe(questionFor(spec, member, versions));
}

async function observeLocked(
  { spec, world, plan }: ApplyOptions,
  looks: Record<string, HostObservation>,
): Promise<Observation> {
  const at = world.clock.now();
  const hosts: Record<string, HostObservation> = {};
  for (const { name } of everyone(spec)) {
    hosts[name] = looks[name] ?? { reach: "unreachable", error: unreachableBefore(plan, name) };
  }
  const etcd = await observeEndpoints(spec, world);
  const seen = await withPublished(spec, world, { at, hosts, etcd, ...(await observeTrust(spec, world, hosts, at)) });
  return withAuth(spec, world, seen);
}

function unreachableBefore(plan: Plan, name: string): QuorateError {
  const problem = plan.problems.find(({ member }) => member === name);
  return new QuorateError("E_HOST_UNREACHABLE", problem?.message ?? `${name} was not reached when this was planned`, {
    where: name,
  });
}

async function sendJournal({ spec, plan }: ApplyOptions, hosts: readonly Host[], journal: Journal): Promise<void> {
  if (plan.goal === "absent") return;
  await Promise.allSettled(
    hosts.map(async (host) => {
      const member = everyone(spec).find(({ name }) => name === host.name);
      const lines = member === undefined ? [] : journal.outstanding(member);
      if (lines.length > 0) await host.act(lines);
    }),
  );
}

/** Sorts by time; two operators in the same second still differ. */
const runName = (at: number): string =>
  `${new Date(at).toISOString().replace(/[:.]/g, "-")}-${randomBytes(3).toString("hex")}`;

function holderOf(command: string, run: string, at: number): LockHolder {
  return {
    operator: userInfo().username,
    machine: hostname(),
    pid: process.pid,
    command,
    since: new Date(at).toISOString(),
    run,
  };
}
