import type { MemberFacts } from "../../observe/facts.js";
import { releasePath, trustRoot } from "../../observe/question.js";
import { currentLink } from "../desired.js";
import type { Rule } from "../wish.js";

export const removeEverything: Rule = ({ spec, version }, now) => {
  const steps = spec.members
    .filter(({ name }) => now.members[name]?.reach === "yes" && leftovers(now.members[name]))
    .map((member) => ({
      kind: "remove-files" as const,
      member: member.name,
      unit: spec.service.unit,
      paths: [
        member.paths.unit,
        member.paths.data,
        ...(member.paths.wal === undefined ? [] : [member.paths.wal]),
        trustRoot(spec, member),
        currentLink(member),
        releasePath(member, version),
        member.paths.state,
      ],
    }));
  return { title: "remove what quorate put there, data included", steps };
};

function leftovers(facts: MemberFacts | undefined): boolean {
  if (facts === undefined) return false;
  return facts.unit !== "absent" || facts.data !== "absent" || facts.trust !== "none" || facts.mark === "yes";
}
