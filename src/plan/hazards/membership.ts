import { isUnwanted } from "../rules/leave.js";
import type { Judge } from "../hazards.js";

/** A member that nobody knows counts for the quorum all the same; it goes only when the operator says so. */
export const membershipHazards: Judge = ({ wish, facts }) =>
  Object.entries(facts.members)
    .filter(([name, member]) => member.place === "stranger" && !isUnwanted(wish, name, member))
    .map(([name, { listedAt }]) => ({
      code: "E_MEMBERSHIP",
      member: undefined,
      message: `the running cluster has a member that the file does not name: ${name}, at ${listedAt}`,
      severity: "refuse",
      next: `name it in the file, or let it go with --remove ${name}`,
    }));
