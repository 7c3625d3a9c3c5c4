import type { MemberSpec } from "../../spec/spec.js";
import type { Rule } from "../wish.js";

/** Data that is in the way is moved aside, for the members that the operator named. */
export const clearTheWay: Rule = ({ spec, moveAside, stamp }, now) => {
  const steps = spec.members
    .filter((member) => moveAside.includes(member.name) && now.members[member.name]?.data === "foreign")
    .map((member) => ({
      kind: "move-aside" as const,
      member: member.name,
      moves: foldersOf(member).map((path) => ({ path, to: `${path}.aside-${stamp}` })),
    }));
  return { title: "move foreign data aside", steps };
};

const foldersOf = ({ paths: { data, wal } }: MemberSpec): string[] => (wal === undefined ? [data] : [data, wal]);
