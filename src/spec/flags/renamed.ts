/** What a setting is about, however a version spells it. */
import { flagOfGate, gateOfFlag, gatesOf } from "./gates.js";
import { flagsOf } from "./lines.js";

/**
 * A setting without its spelling: `{ gate }` for what 3.6 made a feature gate, or else the name without
 * `experimental-`. Two settings of one file with the same concept say the same thing twice.
 */
export type Concept = { readonly gate: string } | { readonly name: string };

export function conceptOf(flag: string): Concept {
  const gate = gateOfFlag(flag);
  return gate === undefined ? { name: flag.replace(/^experimental-/, "") } : { gate };
}

export const keyOf = (concept: Concept): string => ("gate" in concept ? `feature-gates/${concept.gate}` : concept.name);

/** The flag by which a version is told this; "feature-gates" for a gate that it knows; undefined: it has no such thing. */
export function spellingIn(version: string, concept: Concept): string | undefined {
  const known = flagsOf(version);
  if ("gate" in concept) {
    if (gatesOf(version).includes(concept.gate)) return "feature-gates";
    const flag = flagOfGate(concept.gate);
    return flag !== undefined && known.includes(flag) ? flag : undefined;
  }
  return [concept.name, `experimental-${concept.name}`].find((name) => known.includes(name));
}
