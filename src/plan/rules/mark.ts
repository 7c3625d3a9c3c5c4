import { keeperOf } from "../desired.js";
import type { Rule } from "../wish.js";

/** Once the members serve, every host keeps a note that its member has had data. */
export const mark: Rule = ({ spec, clusterId }, now) => {
  const steps = spec.members
    .filter(
      ({ name }) =>
        now.members[name]?.reach === "yes" && now.members[name]?.process === "up" && now.members[name]?.mark !== "yes",
    )
    .map((member) => ({
      kind: "mark-member" as const,
      member: member.name,
      state: member.paths.state,
      clusterId,
      ...keeperOf(spec),
    }));
  return { title: "see every member serve, and note it on its host", steps };
};
