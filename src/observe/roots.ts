/** Sets of CAs as facts have them: sorted fingerprints, joined with "+". */
import type { MemberFacts } from "./facts.js";

export const joinRoots = (roots: readonly string[]): string => [...new Set(roots)].sort().join("+");

export const rootsIn = (joined: string | undefined): string[] =>
  joined === undefined || joined === "" ? [] : joined.split("+");

export const includesAll = (some: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((root) => some.includes(root));

/**
 * CAs that a member's process has read, or will when it is started; undefined when nobody knows. A process whose
 * configuration says nothing of them has read the first.
 */
export function loadedRoots(member: MemberFacts, first: readonly string[]): readonly string[] | undefined {
  if (member.reach !== "yes" || member.process === "unknown") return undefined;
  if (member.process !== "up") return rootsIn(member.roots);
  if (member.config === "") return undefined;
  const [, noted] = member.config.split(".");
  return noted === undefined ? first : rootsIn(noted);
}
