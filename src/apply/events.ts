/** Everything that happens in a run, as one stream. The terminal, the JSON lines, the journal and the report are folds of it. */
import type { ErrorCode } from "../errors.js";
import type { Plan } from "../plan/plan.js";

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  /** Last log lines of the member, when its process is to blame. */
  readonly log?: readonly string[];
  /** How long was waited for the effect, milliseconds. */
  readonly waited?: number;
}

export type RunEvent = { readonly at: string; readonly run: string } & (
  | {
      readonly type: "run-started";
      readonly command: string;
      readonly operator: string;
      readonly machine: string;
      readonly plan: Plan;
      /** Text of the cluster file that the run was to make true; what `undo` goes back to. */
      readonly file?: string;
    }
  | { readonly type: "stage-started"; readonly stage: number; readonly title: string }
  | { readonly type: "step-started"; readonly step: string; readonly member: string; readonly title: string }
  | {
      readonly type: "step-progress";
      readonly step: string;
      readonly member: string;
      readonly done: number;
      readonly total: number | undefined;
      readonly what: string;
    }
  | {
      readonly type: "step-done";
      readonly step: string;
      readonly member: string;
      readonly milliseconds: number;
      readonly already: boolean;
    }
  | { readonly type: "step-failed"; readonly step: string; readonly member: string; readonly failure: Failure }
  | { readonly type: "stage-done"; readonly stage: number; readonly quorum: string }
  | {
      readonly type: "health";
      readonly member: string;
      readonly url: string;
      readonly healthy: boolean;
      readonly tookMilliseconds: number;
      readonly error: string | undefined;
    }
  | {
      readonly type: "run-finished";
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly failure?: Failure;
    }
);

/** done: everything. degraded: all that could be, something could not. failed: stopped at a step. interrupted: by the operator. */
export type Outcome = "done" | "degraded" | "failed" | "interrupted";

/** Every variant without the two fields that the emitter adds. */
export type EventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "at" | "run"> : never) : never;

export type Listener = (event: RunEvent) => void;
export type Emit = (body: EventBody) => void;
