import type { MemberFacts } from "../../observe/facts.js";
import { releasePath, trustRoot } from "../../observe/question.js";
import type { MemberSpec, Spec } from "../../spec/spec.js";
import { currentLink } from "../desired.js";
import type { Rule } from "../wish.js";

export const removeEverything: Rule = ({ spec, version }, now) => {
  const steps = spec.members
    .filter((member) => now.members[member.name]?.reach === "yes" && leftovers(spec, member, now.members[member.name]))
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

/** The folder of quorate's own records is none: taking the lock makes it. */
function leftovers(spec: Spec, member: MemberSpec, facts: MemberFacts | undefined): boolean {
  if (facts === undefined) return false;
  const folders = [member.paths.data, member.paths.wal ?? member.paths.data, trustRoot(spec, member)];
  const kept = folders.some((path) => facts.directories[path] !== undefined) || Object.keys(facts.releases).length > 0;
  return kept || facts.unit !== "absent" || facts.data !== "absent" || facts.trust !== "none" || facts.mark === "yes";
}
