import type { Rule } from "../wish.js";

/** Seconds that a member has for handing over leadership and closing its files. */
const graceSeconds = 15;

/**
 * One at a time and the leader last: three at once make the leader wait for a transfer that nobody can take. A member
 * that has failed is stopped too, since its supervisor may be about to start it again.
 */
export const stopAll: Rule = ({ spec }, now) => {
  const running = spec.members.filter(
    ({ name }) => now.members[name]?.reach === "yes" && now.members[name]?.process !== "stopped",
  );
  const [next] = running.sort((a, b) => Number(now.members[a.name]?.leader) - Number(now.members[b.name]?.leader));
  if (next === undefined) return undefined;
  return {
    title: `stop ${next.name}`,
    steps: [{ kind: "stop-member", member: next.name, unit: spec.service.unit, graceSeconds }],
  };
};
