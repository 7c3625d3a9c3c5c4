/** One thing that is wrong or risky about a cluster as it was found. */
import type { Spec } from "../../spec/spec.js";
import { nameOf, type Live } from "../found.js";

export interface Finding {
  /** Stable name of the rule that speaks. */
  readonly rule: string;
  /** danger: data or access is at stake. risk: it will hurt one day. note: worth knowing. */
  readonly severity: "danger" | "risk" | "note";
  /** Members concerned, by name; empty: the cluster as a whole. */
  readonly members: readonly string[];
  readonly says: string;
  /** What to do about it; undefined: the first change that quorate makes mends it. */
  readonly next?: string;
}

/** What judges see. */
export interface Inspected {
  readonly members: readonly Live[];
  readonly spec: Spec;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Judge = (seen: Inspected) => Finding[];

/** One finding for all the members that it is true of; none when there are none. */
export function where(
  members: readonly Live[],
  is: (member: Live) => boolean,
  finding: Omit<Finding, "members">,
): Finding[] {
  const names = members.filter(is).map(nameOf);
  return names.length === 0 ? [] : [{ ...finding, members: names }];
}

/** One finding for each different thing that members have, with all the members that have it. */
export function grouped(
  members: readonly Live[],
  of: (member: Live) => readonly Omit<Finding, "members">[],
): Finding[] {
  const found = new Map<string, Finding>();
  for (const member of members) {
    for (const each of of(member)) {
      const key = JSON.stringify(each);
      found.set(key, { ...each, members: [...(found.get(key)?.members ?? []), nameOf(member)] });
    }
  }
  return [...found.values()];
}
