import { desiredOf } from "../desired.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** Changes that a running process would only take up at a restart. */
export const changeHazards: Judge = ({ spec, version, seen, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const now = facts.members[member.name];
    if (now?.reach !== "yes" || now.process !== "up") return [];
    const problem = (code: Problem["code"], message: string): Problem => ({
      code,
      member: member.name,
      message,
      severity: "refuse",
    });
    if (now.config === "") {
      return [problem("E_FOREIGN_ETCD", `unit ${spec.service.unit} runs, but quorate did not start it`)];
    }
    if (now.config !== desiredOf(spec, member, version, now.arch).config) {
      return [
        problem(
          "E_ROLLING_CHANGE",
          `${member.name} runs with other settings than the file asks for, and would have to be restarted`,
        ),
      ];
    }
    const verdict = seen.trust[member.name];
    if (now.trust === "wrong" && verdict?.foreignCa === true) {
      return [
        problem(
          "E_TRUST_REPLACED",
          `${member.name} runs with certificates of another CA: ${verdict.reasons.join("; ")}`,
        ),
      ];
    }
    return [];
  });
