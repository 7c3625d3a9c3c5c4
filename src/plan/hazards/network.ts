import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** Addresses that are not the host's, and ports that somebody else has. Asked only of members that are to be started. */
export const networkHazards: Judge = ({ spec, seen, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const host = seen.hosts[member.name];
    if (host?.reach !== "reachable" || facts.members[member.name]?.process === "up") return [];
    const problems: Problem[] = [];
    for (const url of new Set([...member.client.listen, ...member.peer.listen])) {
      const { hostname } = new URL(url);
      const address = hostname.replace(/^\[|\]$/g, "");
      const wildcard = address === "0.0.0.0" || address === "::";
      if (!wildcard && !host.addresses.includes(address)) {
        const message = `${member.name} is to listen on ${address}, but its machine has ${host.addresses.join(", ")}`;
        problems.push({ code: "E_ADDRESS_NOT_HERE", member: member.name, message, severity: "refuse" });
      }
    }
    for (const listener of host.listeners) {
      const holder = listener.command === undefined ? "another process" : `${listener.command} (pid ${listener.pid})`;
      const message = `port ${listener.port} on ${member.name} is taken by ${holder}`;
      // Whom nobody can name may be gone: a killed etcd has its ports until the kernel has taken back all that it had.
      const passing = listener.command === undefined ? ({ passing: true } as const) : {};
      problems.push({ code: "E_PORT_TAKEN", member: member.name, message, severity: "refuse", ...passing });
    }
    return problems;
  });
