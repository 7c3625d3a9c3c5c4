/** Where a finished plan does not reach what the file says, and why: a plan never ends short without a word. */
import type { Facts, MemberFacts } from "../observe/facts.js";
import { quorum, sayQuorum } from "../observe/quorum.js";
import type { MemberSpec } from "../spec/spec.js";
import { authShortfalls } from "./auth-shortfalls.js";
import { floorOf, settled } from "./goal-version.js";
import type { Problem } from "./plan.js";
import { trustShortfalls } from "./trust-shortfalls.js";
import { isUnwanted } from "./rules/leave.js";
import { isBehind } from "./rules/roll.js";
import type { Wish } from "./wish.js";

/** @param begun some of it is done: the run ends as a partial success instead of being refused */
export function shortfalls(wish: Wish, after: Facts, begun: boolean): Problem[] {
  if (wish.goal !== "running") return [];
  const severity = begun ? "degraded" : "refuse";
  const problem = (code: Problem["code"], member: string | undefined, message: string, next?: string): Problem => ({
    code,
    member,
    message,
    severity,
    ...(next !== undefined && { next }),
  });
  const problems = wish.spec.members.flatMap((member): Problem[] => {
    const facts = after.members[member.name];
    if (facts === undefined || after.formed === "no") return [];
    if (facts.listed === "absent" || facts.learner)
      return [problem("E_NOT_JOINED", member.name, sayAway(member, facts, after))];
    if (facts.listedAt !== "" && facts.listedAt !== member.peer.url)
      return [
        problem(
          "E_NOT_MOVED",
          member.name,
          `${member.name} is still reached at ${facts.listedAt}, not at ${member.peer.url}`,
        ),
      ];
    return [];
  });
  const staying = Object.entries(after.members).filter(
    ([name, member]) => isUnwanted(wish, name, member) && member.listed !== "absent" && member.listed !== "unknown",
  );
  problems.push(
    ...staying.map(([name]) => problem("E_NOT_LEFT", name, `${name} cannot leave yet: ${sayQuorum(quorum(after))}`)),
  );
  return [
    ...problems,
    ...rolling(wish, after, problem),
    ...trustShortfalls(wish, after, severity),
    ...authShortfalls(wish, after, severity),
  ];
}

function rolling(
  wish: Wish,
  after: Facts,
  problem: (code: Problem["code"], member: string | undefined, message: string, next?: string) => Problem,
): Problem[] {
  const behind = wish.spec.members.filter((member) => isBehind(wish, after, member)).map(({ name }) => name);
  const version = floorOf(wish, after);
  const waits = behind.length > 0 || (version !== wish.version && after.formed !== "no" && anyoneRuns(after));
  if (!waits) return [];
  const what =
    behind.length > 0 ? `${behind.join(", ")} would have to be restarted` : `the cluster stays at ${version}`;
  if (settled(wish, after)) {
    const message = `${what}, but no voter can be spared: ${sayQuorum(quorum(after))}`;
    return [problem("E_NO_SPARE", undefined, message, "add members first, or give --accept-downtime")];
  }
  const lame = Object.entries(after.members).find(([, member]) => !isWell(member));
  const message = `${what}, which needs every member: ${lame?.[0] ?? "one"} ${lame === undefined ? "is missing" : sayLame(lame[1])}`;
  return [
    problem(
      "E_NO_SPARE",
      lame?.[0],
      message,
      "bring it back, or take it out of the file, and run the same command again",
    ),
  ];
}

const anyoneRuns = (now: Facts): boolean =>
  Object.values(now.members).some(({ process, version }) => process === "up" || version !== "");

const isWell = ({ serving, caughtUp, learner, listed }: MemberFacts): boolean =>
  listed === "absent" || (serving === "yes" && caughtUp === "yes" && !learner);

const sayLame = ({ reach, process, serving, learner }: MemberFacts): string =>
  reach !== "yes" && serving !== "yes"
    ? "cannot be reached"
    : process === "up" && serving !== "yes"
      ? "runs but does not serve"
      : learner
        ? "is a learner"
        : serving === "yes"
          ? "lags behind"
          : "does not run";

function sayAway({ name, paths }: MemberSpec, { reach, data }: MemberFacts, after: Facts): string {
  if (reach !== "yes") return `${name} is no member yet, and its host cannot be reached`;
  if (data !== "absent") return `${name} is no member, and ${paths.data} is not empty`;
  return `${name} is no member yet: ${sayQuorum(quorum(after))}`;
}
