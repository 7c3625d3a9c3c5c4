/**
 * The step contract. A kind of step says when it may be done, what the facts are afterwards, and how it is done; from
 * `effect` follow the dry run, "is it already done?", "did it work?" and the proof that a plan converges.
 */
import type { Facts } from "../observe/facts.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import type { ErrorCode } from "../errors.js";

export type Risk =
  /** Invisible to a running member. */
  | "none"
  /** A member stops or starts. */
  | "restart"
  /** A member answers nobody for a while. */
  | "pause"
  | "membership"
  /** Data is moved or removed. */
  | "data";

export interface StepBase {
  readonly kind: string;
  /** The one member (and host) that the step touches. */
  readonly member: string;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a running step may use. */
export interface Doing {
  readonly spec: Spec;
  readonly world: World;
  /** Bytes moved so far, for progress. */
  progress(done: number, total: number | undefined, what: string): void;
}

/** @typeParam G what it sends that had to be made or fetched first */
export interface StepKind<S extends StepBase, G = undefined> {
  readonly kind: S["kind"];
  readonly risk: Risk;
  /** Milliseconds for the guard, and then for the effect, to come true. */
  readonly patience: number;
  /** Milliseconds in which nothing of its effect can be seen yet: looking earlier would be in the way of what is waited for. */
  settling?(step: S): number;
  /** Milliseconds for the guard alone, when that is not to be waited for as long as the effect. */
  readonly guardPatience?: number;
  /** What only the host can confirm may be confirmed while the next stage is under way: the network has confirmed enough. */
  readonly confirmLater?: boolean;
  /** Beginning with a verb, without the host's name: "start etcd 3.5.30". */
  title(step: S): string;
  /** Why it must not be done now. */
  guard(step: S, now: Facts): Refusal | undefined;
  /** The facts after it. Idempotent; touches only the step's own member. */
  effect(step: S, now: Facts): Facts;
  /**
   * Make or fetch, on the operator's side, what `run` will send; so that all steps of a member go to its host in one
   * burst. Touches no host.
   */
  gather?(step: S, doing: Doing): Promise<G>;
  /** Members besides its own whose facts the step changes, such as who leads afterwards. */
  others?(step: S): readonly string[];
  /** Act only; never wait, never check. What goes to the host is sent at once, so that a look comes right behind it. */
  run(step: S, doing: Doing, gathered: G): Promise<void>;
  /** What no later step brings back, in words; absent when everything can be. */
  final?(step: S): string;
  /** The step that takes it back, or nothing when there is no way back. */
  inverse?(step: S, before: Facts): StepBase | undefined;
}
