/** What advice is, and how judges give it. */
import type { AdvisedCluster, AdvisedMember } from "./input.js";

export interface Advice {
  /** Stable name of what speaks. */
  readonly id: string;
  /** critical: data, access or the quorum is at stake. warn: it will hurt one day. note: worth knowing. */
  readonly severity: "critical" | "warn" | "note";
  /** Left out: the cluster as a whole. */
  readonly member?: string;
  /** What is so. */
  readonly what: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do about it. */
  readonly do: string;
  /** Where it can be looked up. */
  readonly source: string;
}

export type Judge = (cluster: AdvisedCluster) => Advice[];

/** The same advice for each member that it is true of; once, for the cluster, when that is every one of several. */
export function ofMembers(
  { members }: AdvisedCluster,
  speaks: (member: AdvisedMember) => Omit<Advice, "member"> | undefined,
): Advice[] {
  const found = members.flatMap((member) => {
    const advice = speaks(member);
    return advice === undefined ? [] : [{ advice, member: member.name }];
  });
  const [first] = found;
  const same = new Set(found.map(({ advice }) => JSON.stringify(advice))).size === 1;
  if (first === undefined || members.length < 2 || found.length < members.length || !same)
    return found.map(({ advice, member }) => ({ ...advice, member }));
  return [{ ...first.advice, what: `every member: ${first.advice.what}` }];
}
