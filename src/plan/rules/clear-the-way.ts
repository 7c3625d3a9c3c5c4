import type { Rule } from "../wish.js";

/** Data that is in the way is moved aside, for the members that the operator named. */
export const clearTheWay: Rule = ({ spec, moveAside, stamp }, now) => {
  const steps = spec.members
    .filter((member) => moveAside.includes(member.name) && now.members[member.name]?.data === "foreign")
    .map(({ name, paths }) => ({ kind: "move-aside" as const, member: name, path: paths.data, to: `${paths.data}.aside-${stamp}` }));
  return { title: "move foreign data aside", steps };
};
