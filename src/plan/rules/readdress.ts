import { quorum } from "../../observe/quorum.js";
import { desiredOf } from "../desired.js";
import { goalVersion } from "../goal-version.js";
import type { Rule } from "../wish.js";

/** Seconds that a member has for handing over leadership and closing its files. */
const graceSeconds = 30;

/**
 * A member whose machine got another address keeps its identity and its data: the cluster is told, and it is started
 * with the new address. One at a time, since it is cut off in between.
 */
export const readdress: Rule = (wish, now) => {
  if (quorum(now).spare < 0) return undefined;
  const moved = wish.spec.members.find(({ name, peer }) => {
    const member = now.members[name];
    return member?.reach === "yes" && member.data === "ours" && member.listedAt !== "" && member.listedAt !== peer.url;
  });
  if (moved === undefined) return undefined;
  const facts = now.members[moved.name];
  if (quorum(now).spare < 1 && !wish.downtime) return undefined;
  const update = {
    kind: "update-member" as const,
    member: moved.name,
    from: facts?.listedAt ?? "",
    to: moved.peer.url,
  };
  const version = goalVersion(wish, now, moved);
  const { config } = desiredOf(wish.spec, moved, version, facts?.arch ?? "");
  const restart = {
    kind: "restart-member" as const,
    member: moved.name,
    unit: wish.spec.service.unit,
    config,
    version,
    graceSeconds,
    why: `it is at ${moved.peer.address} now`,
    downtime: wish.downtime && quorum(now).spare < 1,
  };
  return { title: `${moved.name} moves to ${moved.peer.url}`, steps: [update, restart] };
};
