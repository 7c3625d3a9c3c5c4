import { noUpkeep } from "../upkeep.js";
import type { Rule } from "../wish.js";
import { clientUrlsOf, isFit, isFull } from "./fit.js";

/** History is forgotten once, by all members alike: it is one entry in their log. */
export const compact: Rule = ({ spec, upkeep = noUpkeep }, now) => {
  const { compactTo } = upkeep;
  if (compactTo === "" || BigInt(now.compactedTo ?? "0") >= BigInt(compactTo)) return undefined;
  const asked = spec.members.find(({ name }) => isFit(now, name));
  if (asked === undefined) return undefined;
  const step = {
    kind: "compact" as const,
    member: asked.name,
    revision: compactTo,
    clientUrls: clientUrlsOf(spec, now),
  };
  return { title: "forget what has been superseded", steps: [step] };
};

export const compactWhenFull: Rule = (wish, now) => (isFull(now) ? compact(wish, now) : undefined);
