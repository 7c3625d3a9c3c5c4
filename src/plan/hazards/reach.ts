import type { ErrorCode } from "../../errors.js";
import { quorumOf } from "../../observe/quorum.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** What it looks like from here when a machine, or the way to it, is down. */
const down = new Set<ErrorCode>([
  "E_HOST_UNREACHABLE",
  "E_HOST_LOST",
  "E_HOST_SILENT",
  "E_SSH_REFUSED",
  "E_SSH_TIMEOUT",
  "E_SSH_NO_ROUTE",
]);

/** Hosts that do not answer are left out; with too few of them no cluster can form. */
export const reachHazards: Judge = ({ spec, goal, seen, facts }) => {
  const away: Problem[] = [];
  for (const { name } of spec.members) {
    const host = seen.hosts[name];
    if (host?.reach !== "unreachable") continue;
    // A host that answers but not to us (a key, a password, sudo) is for the operator to settle, not for leaving out.
    const severity = down.has(host.error.code) ? "degraded" : "refuse";
    const { code, message, next, details } = host.error;
    const { expected, found } = details;
    away.push({
      code,
      member: name,
      message,
      severity,
      next,
      ...(expected !== undefined && { expected }),
      ...(found !== undefined && { found }),
    });
  }
  const reachable = spec.members.length - away.length;
  const needed = quorumOf(spec.members.length);
  if (goal === "running" && facts.formed === "no" && reachable < needed) {
    const message = `${reachable} of ${spec.members.length} hosts can be reached; a new cluster needs ${needed} to form a quorum`;
    away.push({ code: "E_TOO_FEW_HOSTS", member: undefined, message, severity: "refuse" });
  }
  return away;
};
