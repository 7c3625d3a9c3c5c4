/** The rules that a spec has to keep, in the order of the file. Each is pure and says every problem it sees. */
import type { Problem } from "./problem.js";
import type { Candidate } from "./resolve/resolve.js";

export type Rule = (candidate: Candidate) => Problem[];

const rules: readonly Rule[] = [];

export function judge(candidate: Candidate): Problem[] {
  return rules.flatMap((rule) => rule(candidate));
}
