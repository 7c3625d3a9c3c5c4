/** The arithmetic of safety. */
import type { Facts, MemberFacts } from "./facts.js";

/** Voters that must be alive for a decision: a majority. */
export const quorumOf = (voters: number): number => Math.floor(voters / 2) + 1;

export interface Quorum {
  readonly voters: number;
  readonly needed: number;
  /** Voters whose process runs. */
  readonly live: number;
  /** How many more may be lost; negative when the quorum is lost. */
  readonly spare: number;
}

/** On the cluster's list; or, while nobody can say who is, one that the file wants. */
export const isVoter = ({ learner, listed, place }: MemberFacts): boolean =>
  !learner && listed !== "absent" && (listed !== "unknown" || place === "wanted");

export const isLive = ({ process, serving }: MemberFacts): boolean => process === "up" || serving === "yes";

/** It serves, or its process has begun to answer its peers. */
const answers = ({ process, peer, serving }: MemberFacts): boolean =>
  serving === "yes" || (process === "up" && peer === "yes");

export const quorum = (facts: Facts): Quorum => countVoters(facts, isLive);

/** What a change of members may rely on: a process that runs and hangs agrees to nothing. */
export const answeringQuorum = (facts: Facts): Quorum => countVoters(facts, answers);

function countVoters(facts: Facts, counts: (member: MemberFacts) => boolean): Quorum {
  const voters = Object.values(facts.members).filter(isVoter);
  const needed = quorumOf(voters.length);
  const live = voters.filter(counts).length;
  return { voters: voters.length, needed, live, spare: live - needed };
}

export function sayQuorum({ voters, needed, live, spare }: Quorum): string {
  if (spare < 0) return `${live} of ${voters} voters run, ${needed} needed`;
  return `${live} of ${voters} voters run, ${needed} needed, ${spare} to spare`;
}
