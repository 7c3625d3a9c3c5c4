import type { Judge } from "../hazards.js";

/** Users and roles that nobody could look at are nothing to plan for, and told. */
export const authHazards: Judge = ({ facts, seen: { auth } }) => {
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
};
