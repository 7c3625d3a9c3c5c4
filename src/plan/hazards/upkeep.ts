/** What must be well before a database is looked after. */
import type { MemberFacts } from "../../observe/facts.js";
import { isLive, isVoter, quorum, quorumOf } from "../../observe/quorum.js";
import { hazardsOf } from "../../release/hazards.js";
import type { Judge, Scene } from "../hazards.js";
import type { Problem } from "../plan.js";
import { isDowntime, isWorthIt } from "../rules/defragment.js";
import { isFit, isFull } from "../rules/fit.js";
import { isBad } from "../rules/rebuild.js";
import { noUpkeep } from "../upkeep.js";

const refuse = (code: Problem["code"], member: string | undefined, message: string, next?: string): Problem => ({
  ...{ code, member, message, severity: "refuse" },
  ...(next !== undefined && { next }),
});

/** A cluster that agrees on something, and on data that nobody doubts. */
export const soundHazards: Judge = ({ facts }) => {
  const { live, voters, needed, spare } = quorum(facts);
  const served = Object.keys(facts.members).some((name) => isFit(facts, name));
  if (spare < 0 || !served)
    return [refuse("E_NO_QUORUM", undefined, `${live} of ${voters} voters run and ${needed} are needed to agree`)];
  const suspect = facts.alarms.filter((alarm) => alarm.startsWith("CORRUPT "));
  if (suspect.length === 0) return [];
  const message = `an alarm says that data differs (${suspect.join(", ")}); nothing is thrown away before that is settled`;
  return [refuse("E_CORRUPT", undefined, message, "see `quorate hash-check`, then `quorate rebuild MEMBER`")];
};

/** Those that must stand in for a member that pauses, and what is known of its version. */
export const pauseHazards: Judge = ({ wish, facts }) => {
  const paused =
    wish.goal === "writable" ? isFull(facts) : Object.keys(facts.members).some((name) => isWorthIt(wish, facts, name));
  if (!paused) return [];
  const members = Object.entries(facts.members).filter(([, member]) => isVoter(member));
  const unsafe = members.flatMap(([name, { version }]): Problem[] => {
    if (version === "" || wish.upkeep?.force === true) return [];
    const faults = hazardsOf({ trigger: "defragment", running: [version] });
    return faults
      .filter(({ severity }) => severity === "refuse")
      .map(({ text, source, next }) =>
        refuse("E_DEFRAGMENT_UNSAFE", name, `${name} runs ${version}: ${text} (${source})`, `${next}; or give --force`),
      );
  });
  if (isDowntime(wish, facts)) return unsafe;
  const lame = members.find(([name]) => !isFit(facts, name));
  if (lame !== undefined) {
    const message = `${lame[0]} does not serve or lags behind; a member that pauses needs all the others`;
    return [...unsafe, refuse("E_NO_SPARE", lame[0], message, "bring it back, and run the same command again")];
  }
  if (quorum(facts).spare >= 1) return unsafe;
  const message = "no voter can be spared while it pauses";
  return [...unsafe, refuse("E_NO_SPARE", undefined, message, "add members first, or give --accept-downtime")];
};

/** A member is taken apart only while the others surely have everything, and can agree without it. */
export const rebuildHazards: Judge = (scene) => {
  const { rebuild, doubt, cleared } = scene.wish.upkeep ?? noUpkeep;
  const now = scene.facts.members[rebuild];
  if (now === undefined) return [];
  const others = Object.entries(scene.facts.members).filter(([name]) => name !== rebuild);
  const learner = others.find(([, member]) => member.learner);
  if (learner !== undefined)
    return [refuse("E_LEARNER_WAITS", learner[0], `${learner[0]} is a learner; etcd allows one at a time`)];
  if (now.reach !== "yes")
    return [
      refuse("E_HOST_UNREACHABLE", rebuild, `the host of ${rebuild} cannot be reached, so it cannot be rebuilt there`),
    ];
  if (!isBad(now))
    return isSettled(now, cleared.includes(rebuild)) ? [] : [refuse("E_HASH_SPLIT", rebuild, unsettled(rebuild))];
  return [...othersAgree(scene, rebuild), ...(doubt === "" ? [] : [refuse("E_HASH_SPLIT", undefined, doubt)])];
};

const unsettled = (name: string): string =>
  `nobody can say now whether ${name} has the data that a majority has, so it is neither rebuilt nor called sound`;

/** Either its data was compared, or its rebuilding has begun already. */
const isSettled = ({ listed, learner }: MemberFacts, cleared: boolean): boolean =>
  cleared || learner || listed === "absent" || listed === "unstarted";

function othersAgree({ facts }: Scene, rebuild: string): Problem[] {
  const others = Object.entries(facts.members).filter(([name, member]) => name !== rebuild && isVoter(member));
  const live = others.filter(([, member]) => isLive(member)).length;
  const needed = quorumOf(others.length);
  if (others.length > 0 && live >= needed && others.some(([name]) => isFit(facts, name))) return [];
  const message = `without ${rebuild}, ${live} of ${others.length} voters run, and ${Math.max(1, needed)} are needed to rebuild it`;
  return [refuse("E_NO_SPARE", rebuild, message)];
}
