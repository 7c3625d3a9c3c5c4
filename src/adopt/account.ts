/** What came out of reading a cluster: the file that describes it, the audit, and what is in the way of taking it over. */
import type { Advice } from "../advise/advice.js";
import type { Problem } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import type { Difference } from "./differences.js";
import type { Live } from "./found.js";

export interface Adoption {
  readonly members: readonly Live[];
  readonly spec: Spec;
  /** The cluster file. */
  readonly text: string;
  /** The audit. */
  readonly advice: readonly Advice[];
  readonly differences: readonly Difference[];
  /** What keeps quorate from taking the cluster over, and what is told besides. */
  readonly problems: readonly Problem[];
}
