/** The members of a file in one form, whichever form they were written in. */
import type { YamlPath } from "../problem.js";
import type { ClusterFile } from "../shape/schema.js";

type Written = Extract<ClusterFile["members"], readonly unknown[]>[number];

export interface MemberEntry extends Omit<Written, "name"> {
  readonly name: string;
  /** Where the member stands in the file. */
  readonly at: YamlPath;
  /** Where its name stands, and whether that is a key. */
  readonly nameAt: { readonly path: YamlPath; readonly atKey: boolean };
}

/** @param skipped indexes of the written list that `members` no longer has. */
export function memberEntries(members: ClusterFile["members"], skipped: readonly number[] = []): MemberEntry[] {
  if (Array.isArray(members)) {
    const written = Array.from({ length: members.length + skipped.length }, (_, index) => index).filter(
      (index) => !skipped.includes(index),
    );
    return members.map((member, index) => {
      const at = ["members", written[index] ?? index];
      return { ...member, at, nameAt: { path: [...at, "name"], atKey: false } };
    });
  }
  return Object.entries(members).map(([name, member]) => {
    const at = ["members", name];
    const fields = typeof member === "string" ? { address: member } : member;
    return { ...fields, name, at, nameAt: { path: at, atKey: true } };
  });
}
