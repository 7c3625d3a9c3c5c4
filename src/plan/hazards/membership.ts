import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

/** The cluster's members are those of the file, or nothing is done: adding and removing one is a matter of its own. */
export const membershipHazards: Judge = ({ spec, seen }) => {
  const listings = Object.values(seen.etcd).flatMap((endpoint) =>
    endpoint.state === "serving" && endpoint.listing !== undefined ? [endpoint.listing] : [],
  );
  const [listing] = listings;
  if (listing === undefined) return [];
  const problem = (member: string | undefined, message: string): Problem => ({
    code: "E_MEMBERSHIP",
    member,
    message,
    severity: "refuse",
  });
  const known = new Set<string>();
  const problems = spec.members.flatMap(({ name, peer }): Problem[] => {
    const entry =
      listing.members.find(({ peerUrls }) => peerUrls.includes(peer.url)) ??
      listing.members.find((candidate) => candidate.name === name);
    if (entry === undefined) return [problem(name, `the running cluster has no member at ${peer.url}`)];
    known.add(entry.id);
    if (entry.peerUrls.includes(peer.url)) return [];
    return [problem(name, `the running cluster reaches ${name} at ${entry.peerUrls.join(", ")}, not at ${peer.url}`)];
  });
  const strangers = listing.members.filter(({ id }) => !known.has(id));
  return [
    ...problems,
    ...strangers.map(({ id, name, peerUrls }) =>
      problem(
        undefined,
        `the running cluster has a member that the file does not name: ${name || id} at ${peerUrls.join(", ")}`,
      ),
    ),
  ];
};
