/** The members as far as proving health goes, over an HTTP/2 of our own that starts faster than node's. */
import type { HealthCluster, HealthMember } from "./cluster.js";
import { shortHttp2 } from "./http2/session.js";
import { memberProofs } from "./member-proofs.js";
import { Connection, type ConnectionOptions } from "./transport/connection.js";

/** What a member answers here is below a kilobyte. */
const maxMessageBytes = 1 << 20;

/**
 * Connects to nothing yet; a member's connection is opened by its first call. Idle, it keeps no process alive, and it
 * ends with the process.
 */
export function openHealthCluster(options: Pick<ConnectionOptions, "tls" | "through" | "patience">): HealthCluster {
  const members = new Map<string, HealthMember>();
  return {
    member(clientUrl) {
      let member = members.get(clientUrl);
      if (member === undefined) {
        member = memberProofs(new Connection(clientUrl, { ...options, maxMessageBytes, early: true }, shortHttp2));
        members.set(clientUrl, member);
      }
      return member;
    },
  };
}
