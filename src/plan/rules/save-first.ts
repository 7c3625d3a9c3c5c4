import type { MemberFacts } from "../../observe/facts.js";
import { isVoter } from "../../observe/quorum.js";
import { floorOf, nextHop, runningVersions, settled } from "../goal-version.js";
import type { Rule } from "../wish.js";

/** Before a version changes, the database is saved: it is the one way back that always exists. */
export const saveFirst: Rule = (wish, now) => {
  if (!settled(wish, now)) return undefined;
  const [from, to] = [floorOf(wish, now), nextHop(wish, now)];
  const label = `before-${from}-to-${to}`;
  if (from === to || now.saved.includes(label)) return undefined;
  if (runningVersions(now).includes(to)) return undefined;
  const fit = wish.spec.members.filter(({ name }) => isFit(now.members[name]));
  const source = fit.find(({ name }) => now.members[name]?.leader !== true) ?? fit[0];
  if (source === undefined) return undefined;
  const step = { kind: "save-snapshot" as const, member: source.name, clientUrl: source.client.url, label };
  return { title: `save the database before ${from} → ${to}`, steps: [step] };
};

const isFit = (member: MemberFacts | undefined): boolean =>
  member !== undefined && isVoter(member) && member.serving === "yes" && member.caughtUp === "yes";
