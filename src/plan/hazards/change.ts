import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** What runs in a member's place and is none of ours. */
export const changeHazards: Judge = ({ spec, facts }) =>
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
    return [];
  });
