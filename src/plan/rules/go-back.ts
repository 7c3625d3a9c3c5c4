import { lineOf } from "../../release/versions.js";
import { floorOf, nextHop, runningVersions, settled } from "../goal-version.js";
import { compareVersions } from "../versions.js";
import type { Rule } from "../wish.js";

/**
 * An older line can read what a newer one has written only after etcd has been told to write as the older one does
 * (website v3.6/downgrades). It ends by itself when the last member runs the older line. As long as one has never left the
 * older line, the cluster writes as that one reads: an upgrade that was given up halfway needs no leave to go back.
 */
export const goBack: Rule = (wish, now) => {
  if (!settled(wish, now)) return undefined;
  const [from, to] = [floorOf(wish, now), nextHop(wish, now)];
  const line = lineOf(to);
  if (compareVersions(to, from) >= 0 || lineOf(from) === line) return undefined;
  if (now.downgrade === line) return undefined;
  if (runningVersions(now).some((version) => lineOf(version) === line)) return undefined;
  const leader = wish.spec.members.find(({ name }) => now.members[name]?.leader === true);
  if (leader === undefined) return undefined;
  const everyone = Object.keys(now.members);
  return {
    title: `tell the cluster that it goes back to ${line}`,
    steps: [{ kind: "allow-downgrade", member: leader.name, line, everyone }],
  };
};
