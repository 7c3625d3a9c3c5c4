/** Majority, counted anew: the proof does not use the arithmetic that it judges. */
export interface Live {
  readonly voter: boolean;
  readonly live: boolean;
}

/** How many more voters may be lost; negative when too few are left. */
export function spareOf(members: Iterable<Live>): number {
  let [voters, live] = [0, 0];
  for (const member of members) {
    if (!member.voter) continue;
    voters += 1;
    if (member.live) live += 1;
  }
  return live - (Math.floor(voters / 2) + 1);
}

export const hasQuorum = (members: Iterable<Live>): boolean => spareOf(members) >= 0;
