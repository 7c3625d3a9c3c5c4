/** The arithmetic of safety. */
import type { Facts } from "./facts.js";

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

export function quorum(facts: Facts): Quorum {
  const voters = Object.values(facts.members).filter((member) => !member.learner);
  const needed = quorumOf(voters.length);
  const live = voters.filter((member) => member.process === "up" || member.serving === "yes").length;
  return { voters: voters.length, needed, live, spare: live - needed };
}

export function sayQuorum({ voters, needed, live, spare }: Quorum): string {
  if (spare < 0) return `${live} of ${voters} voters run, ${needed} needed`;
  return `${live} of ${voters} voters run, ${needed} needed, ${spare} to spare`;
}
