import { withMember, type Facts } from "../observe/facts.js";

/** What looking after a database needs to know besides the facts: asked for by the operator, and found by a closer look. */
export interface Upkeep {
  /** Defragment every member, whether it is worth a pause or not, and whatever is known of its version. */
  readonly force: boolean;
  /** Revision (decimal) before which history is to be forgotten; "" when nothing is. */
  readonly compactTo: string;
  /** All members that serve have forgotten it already. */
  readonly compacted: boolean;
  /** Members whose files hold next to nothing but what is in use. */
  readonly tight: readonly string[];
  /** The member that is to be rebuilt from the others; "" when none is. */
  readonly rebuild: string;
  /** Members, by name, whose data is not what the others have. */
  readonly condemned: readonly string[];
  /** Members, by name, that were seen to have what a majority has, whatever an alarm says of them. */
  readonly cleared: readonly string[];
  /** Why the others cannot be relied on to have the right data; "" when they can. */
  readonly doubt: string;
}

export const noUpkeep: Upkeep = {
  force: false,
  compactTo: "",
  compacted: false,
  tight: [],
  rebuild: "",
  condemned: [],
  cleared: [],
  doubt: "",
};

/** The facts, with what a closer look has found. */
export function withUpkeep(facts: Facts, upkeep: Upkeep | undefined): Facts {
  if (upkeep === undefined) return facts;
  const { compacted, compactTo, tight, condemned, cleared } = upkeep;
  const spared = cleared.reduce((sum, name) => withMember(sum, name, { corrupt: undefined }), facts);
  const told = condemned.reduce((sum, name) => withMember(sum, name, { corrupt: true }), spared);
  return { ...told, compactedTo: compacted ? compactTo : undefined, defragmented: tight };
}
