import type { Facts } from "../../observe/facts.js";
import type { DisarmAlarm } from "../../steps/disarm-alarm.js";
import type { Rule, WantedStage, Wish } from "../wish.js";
import { isFit } from "./fit.js";

/** Last, when every file has room: an alarm that is disarmed too early comes back with the next write. */
export const disarmSpace: Rule = (wish, now) => disarm(wish, now, "NOSPACE");

/** As soon as the member that it means is gone: until then the others take no write. */
export const disarmCorrupt: Rule = (wish, now) =>
  Object.values(now.members).some(({ corrupt }) => corrupt === true) ? undefined : disarm(wish, now, "CORRUPT");

function disarm({ spec }: Wish, now: Facts, alarm: DisarmAlarm["alarm"]): WantedStage | undefined {
  const asked = spec.members.find(({ name }) => isFit(now, name));
  if (asked === undefined || !now.alarms.some((raised) => raised.startsWith(`${alarm} `))) return undefined;
  return {
    title: `take back the ${alarm} alarm`,
    steps: [{ kind: "disarm-alarm", member: asked.name, alarm }],
  };
}
