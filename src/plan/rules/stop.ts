import type { MemberSpec } from "../../spec/spec.js";
import type { Rule } from "../wish.js";

/** Seconds that a member has for handing over leadership and closing its files. */
const graceSeconds = 15;

/**
 * One at a time and the leader last: three at once make the leader wait for a transfer that nobody can take. A member
 * that has failed is stopped too, and first, since its supervisor may be about to start it again.
 */
export const stopAll: Rule = ({ spec }, now) => {
  const running = spec.members.filter(
    ({ name }) => now.members[name]?.reach === "yes" && now.members[name]?.process !== "stopped",
  );
  const rank = ({ name }: MemberSpec): number =>
    now.members[name]?.process === "failed" ? 0 : now.members[name]?.leader === true ? 2 : 1;
  const [next] = running.sort((a, b) => rank(a) - rank(b));
  if (next === undefined) return undefined;
  return {
    title: `stop ${next.name}`,
    steps: [{ kind: "stop-member", member: next.name, unit: spec.service.unit, graceSeconds }],
  };
};
