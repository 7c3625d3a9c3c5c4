import { isBehind } from "../rules/roll.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** Drop-ins of an adopted member's unit are part of what was accepted; quorate's own unit they would falsify. */
export const adoptedHazards: Judge = ({ spec, wish, seen, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const host = seen.hosts[member.name];
    const now = facts.members[member.name];
    const dropIns = host?.reach === "reachable" ? (host.service.dropIns ?? []) : [];
    if (now?.adopted === undefined || dropIns.length === 0 || !isBehind(wish, facts, member)) return [];
    const message = `${member.name} would be started from quorate's unit, to which ${dropIns.join(", ")} would be applied`;
    return [{ code: "E_ADOPT_DROP_INS", member: member.name, message, severity: "refuse" }];
  });
