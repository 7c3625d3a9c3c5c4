/** What came out of reading a cluster: the file that describes it, the audit, and what is in the way of taking it over. */
import type { Problem } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import type { Finding } from "./audit/finding.js";
import type { Difference } from "./differences.js";
import type { Live } from "./found.js";

export interface Adoption {
  readonly members: readonly Live[];
  readonly spec: Spec;
  /** The cluster file. */
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly differences: readonly Difference[];
  /** What keeps quorate from taking the cluster over, and what is told besides. */
  readonly problems: readonly Problem[];
}
