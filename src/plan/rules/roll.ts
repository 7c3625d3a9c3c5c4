import type { Facts } from "../../observe/facts.js";
import { isVoter, quorum } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import { desiredOf } from "../desired.js";
import { goalOf, settled } from "../goal-version.js";
import type { Rule, Wish } from "../wish.js";

/** Seconds that a member has for handing over leadership and closing its files. */
const graceSeconds = 30;

/**
 * New files are everywhere by now; a member takes them up when it is restarted. Followers go first, one at a time. The
 * leader hands over, once, to one that is done already, and goes last.
 */
export const roll: Rule = (wish, now) => {
  if (quorum(now).spare < 1 && !wish.downtime) return undefined;
  const open = wish.spec.members.filter((member) => isBehind(wish, now, member));
  const [next] = settled(wish, now)
    ? open.sort((a, b) => rank(now, a) - rank(now, b))
    : open.filter((member) => isOnlyOneAmiss(wish, now, member));
  if (next === undefined) return undefined;
  const facts = now.members[next.name];
  const heir = facts?.leader === true ? heirOf(wish, now, next) : undefined;
  if (heir !== undefined) {
    const step = {
      kind: "move-leader" as const,
      member: next.name,
      to: heir.name,
      toPeerUrl: now.members[heir.name]?.listedAt ?? "",
    };
    return { title: `${next.name} leads, and hands over before it is restarted`, steps: [step] };
  }
  const { spec, version, because } = goalOf(wish, now, next);
  const step = {
    kind: "restart-member" as const,
    member: next.name,
    unit: wish.spec.service.unit,
    config: desiredOf(spec, next, version, facts?.arch ?? "").config,
    version,
    graceSeconds,
    why: because ?? (facts?.version === version ? "new settings" : `etcd ${facts?.version ?? "?"} → ${version}`),
    downtime: wish.downtime && quorum(now).spare < 1,
  };
  return { title: `restart ${next.name}`, steps: [step] };
};

/** The process runs with something else than what is wanted of it now. */
export function isBehind(wish: Wish, now: Facts, member: MemberSpec): boolean {
  const facts = now.members[member.name];
  if (facts?.process !== "up" || facts.reach !== "yes" || facts.config === "") return false;
  const { spec, version } = goalOf(wish, now, member);
  return facts.config !== desiredOf(spec, member, version, facts.arch).config;
}

/** Nothing is lost when it restarts, and new files may be what it lacks: such as a new address that others dial already. */
function isOnlyOneAmiss(wish: Wish, now: Facts, { name }: MemberSpec): boolean {
  const own = now.members[name];
  const others = Object.fromEntries(Object.entries(now.members).filter(([other]) => other !== name));
  if (own?.listed !== "started" || own.learner || (own.serving === "yes" && own.caughtUp === "yes")) return false;
  return (wish.downtime && quorum(now).spare < 1) || settled(wish, { ...now, members: others });
}

const rank = (now: Facts, { name }: MemberSpec): number => (now.members[name]?.leader === true ? 1 : 0);

/** A voter that needs no restart of its own any more. */
function heirOf(wish: Wish, now: Facts, leader: MemberSpec): MemberSpec | undefined {
  return wish.spec.members.find((member) => {
    const facts = now.members[member.name];
    return member !== leader && facts !== undefined && isVoter(facts) && !isBehind(wish, now, member);
  });
}
