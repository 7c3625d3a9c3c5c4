import type { TrustVerdict } from "../../pki/authority.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** A running member that trusts somebody else, and what will end while quorate cannot make it anew. */
export const trustHazards: Judge = ({ spec, seen, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const now = facts.members[member.name];
    const verdict = seen.trust[member.name];
    if (now?.reach !== "yes" || verdict === undefined) return [];
    if (now.trust === "wrong" && verdict.foreignCa && now.process === "up" && now.config !== "") {
      const message = `${member.name} runs with certificates of another CA: ${verdict.reasons.join("; ")}`;
      return [{ code: "E_TRUST_REPLACED", member: member.name, message, severity: "refuse" }];
    }
    return isBeyondUs(verdict)
      ? [{ code: "E_CERT_DUE", member: member.name, message: sayDue(member.name, verdict), severity: "warn" }]
      : [];
  });

const isBeyondUs = ({ state, renewable }: TrustVerdict): boolean => state === "renewal-due" && renewable === false;

const sayDue = (name: string, { reasons, notAfter }: TrustVerdict): string =>
  `the certificates of ${name} end on ${notAfter?.slice(0, 10) ?? "an unknown day"}, and quorate cannot renew them: ${reasons.join("; ")}`;
