import type { Facts } from "../../observe/facts.js";
import { isVoter } from "../../observe/quorum.js";
import type { DisarmAlarm } from "../../steps/disarm-alarm.js";
import { noUpkeep } from "../upkeep.js";
import type { Rule, WantedStage, Wish } from "../wish.js";
import { isFit } from "./fit.js";

/** Last, when every file has room: an alarm that is disarmed too early comes back with the next write. */
export const disarmSpace: Rule = (wish, now) => disarm(wish, now, "NOSPACE");

/** As soon as the member that has other data is gone: until then the others take no write. */
export const disarmCorrupt: Rule = (wish, now) => {
  const { rebuild, cleared } = wish.upkeep ?? noUpkeep;
  const known = Object.entries(now.members).filter(([, member]) => isVoter(member));
  // With nobody to be rebuilt the alarm is wrong only if all were compared.
  const isFound = !cleared.includes(rebuild) || known.every(([name]) => cleared.includes(name));
  const isGone = !Object.values(now.members).some(({ corrupt }) => corrupt === true);
  return isFound && isGone ? disarm(wish, now, "CORRUPT") : undefined;
};

function disarm({ spec, upkeep }: Wish, now: Facts, alarm: DisarmAlarm["alarm"]): WantedStage | undefined {
  const asked = spec.members.find(({ name }) => isFit(now, name));
  if (asked === undefined || !now.alarms.some((raised) => raised.startsWith(`${alarm} `))) return undefined;
  return {
    title: `take back the ${alarm} alarm`,
    steps: [{ kind: "disarm-alarm", member: asked.name, alarm, cleared: upkeep?.cleared ?? [] }],
  };
}
