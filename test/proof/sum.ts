/** What counts of the members at one moment, each counted once. */
import { spareOf } from "./live.js";
import { minorOf, type Members } from "./etcd-model.js";

export interface Sum {
  readonly voters: number;
  readonly down: number;
  readonly spare: number;
  /** Members that hold all that was acknowledged, and whose disks are there. */
  readonly copies: number;
  /** So many voters could elect one of themselves without anybody who knows everything. */
  readonly forgetful: boolean;
  /** Minor versions between the oldest that runs and the newest. */
  readonly apart: number;
}

const sums = new WeakMap<Members, Sum>();

/** Most steps change nothing of it, so the same members are looked at again and again. */
export function sumOf(members: Members): Sum {
  const known = sums.get(members) ?? count(members);
  sums.set(members, known);
  return known;
}

function count(members: Members): Sum {
  let [voters, live, copies, without] = [0, 0, 0, 0];
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { role, up, copy, there, version } of members.values()) {
    if (role === "none") continue;
    if (up && version !== "") {
      oldest = Math.min(oldest, minorOf(version));
      newest = Math.max(newest, minorOf(version));
    }
    if (role !== "voter") continue;
    voters += 1;
    if (up) live += 1;
    if (copy === "full" && there) copies += 1;
    if (copy === "stale" || (copy === "none" && up)) without += 1;
  }
  return {
    voters,
    down: voters - live,
    spare: spareOf(voters, live),
    copies,
    forgetful: without >= Math.floor(voters / 2) + 1,
    apart: Math.max(0, newest - oldest),
  };
}
