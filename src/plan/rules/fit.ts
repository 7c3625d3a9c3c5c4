/** Members that can be asked and relied on. */
import type { Facts } from "../../observe/facts.js";
import { isVoter } from "../../observe/quorum.js";
import type { Spec } from "../../spec/spec.js";

/** A voter that serves and has what the others have. */
export function isFit(now: Facts, name: string): boolean {
  const member = now.members[name];
  return member !== undefined && isVoter(member) && member.serving === "yes" && member.caughtUp === "yes";
}

/** Of the wanted members that are fit. */
export const clientUrlsOf = (spec: Spec, now: Facts): readonly string[] =>
  spec.members.filter(({ name }) => isFit(now, name)).map(({ client }) => client.url);

/** No write is taken, or the next one will not be. */
export const isFull = (now: Facts): boolean =>
  now.alarms.some((alarm) => alarm.startsWith("NOSPACE ")) ||
  Object.values(now.members).some(({ roomy }) => roomy === "no");
