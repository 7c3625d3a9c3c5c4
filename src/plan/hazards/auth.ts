import type { Facts } from "../../observe/facts.js";
import type { Observation } from "../../observe/observation.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** Users and roles that nobody could look at are nothing to plan for, and told. */
export const authHazards: Judge = ({ facts, seen }) => [...unseen(facts, seen.auth), ...passwordless(facts, seen.auth)];

/** Who may not ask how the members are cannot plan for them: unknown is not down. */
export const deniedHazards: Judge = ({ seen }) => {
  const [first] = Object.entries(seen.etcd).flatMap(([name, endpoint]) =>
    endpoint.state === "denied" ? [{ name, why: endpoint.why }] : [],
  );
  if (first === undefined) return [];
  const message = `authentication is on, and ${first.name} does not tell the user of quorate's certificate how it is: ${first.why}`;
  return [{ code: "E_AUTH_REFUSED", member: undefined, message, severity: "refuse" }];
};

/** A run would end before authentication is on. */
function passwordless({ auth }: Facts, seen: Observation["auth"]): Problem[] {
  if (auth === undefined || seen === undefined || seen.state === "refused") return [];
  return Object.entries(seen.unreadable)
    .filter(([user]) => auth.users[user]?.password !== "current")
    .map(([, message]) => ({ code: "E_AUTH_PASSWORD", member: undefined, message, severity: "refuse" }));
}

function unseen(facts: Facts, auth: Observation["auth"]): Problem[] {
  if (auth?.state === "refused")
    return [
      {
        code: "E_AUTH_REFUSED",
        member: undefined,
        message: `etcd takes quorate for the user ${auth.self}, and does not let it see users and roles: ${auth.why}`,
        severity: "degraded",
      },
    ];
  if (auth?.state !== "unasked" || facts.formed === "no") return [];
  return [
    {
      code: "E_AUTH_UNSEEN",
      member: undefined,
      message: "no member serves that could say which users and roles there are, so they stay as they are for now",
      severity: "warn",
    },
  ];
}
