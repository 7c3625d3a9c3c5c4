import type { Facts } from "../../observe/facts.js";
import { isAway, isUnwanted } from "../rules/leave.js";
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

/** A host that comes back starts what is left on it. It is told that it is no member, and cleared by the next run. */
export const awayHazards: Judge = ({ spec, wish, facts }) =>
  spec.former
    .filter(({ name, peer }) => isAway(facts, name) && !wish.remove.includes(name) && !isMoving(facts, peer.url))
    .map(({ name }) => ({
      code: "E_FORMER_AWAY",
      member: name,
      message: `${name} has left the cluster, and its host cannot be reached to clear it`,
      severity: "warn",
      next: `run \`quorate up\` when it is back; if it never will be, \`quorate up --remove ${name}\` forgets it`,
    }));

/** The cluster still knows a member by this URL: it has moved elsewhere, with everything. */
const isMoving = ({ members }: Facts, peerUrl: string): boolean =>
  Object.values(members).some(({ listedAt }) => listedAt === peerUrl);
