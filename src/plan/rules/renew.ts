import type { Rule } from "../wish.js";
import { trustSteps } from "./trust.js";

/** Certificates that are due, and nothing else: `quorate certs renew`. */
export const renew: Rule = ({ spec, only }, now) => {
  const steps = spec.members.flatMap((member) => {
    const facts = now.members[member.name];
    if (facts?.reach !== "yes" || only?.includes(member.name) === false) return [];
    return trustSteps(spec, member, facts).filter(({ kind }) => kind === "renew-trust");
  });
  return { title: "renew certificates in place", steps };
};
