/** Majority, counted anew: the proof does not use the arithmetic that it judges. */
export interface Live {
  readonly voter: boolean;
  readonly live: boolean;
}

/** How many more voters may be lost; negative when too few are left. */
export const spareOf = (voters: number, live: number): number => live - (Math.floor(voters / 2) + 1);

export function hasQuorum(members: Iterable<Live>): boolean {
  let [voters, live] = [0, 0];
  for (const member of members) {
    if (!member.voter) continue;
    voters += 1;
    if (member.live) live += 1;
  }
  return spareOf(voters, live) >= 0;
}
