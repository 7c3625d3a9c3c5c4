/** Whom the cluster's own member list means. */
import type { ListedMember, MemberListing } from "../etcd/cluster.js";
import { everyone, type MemberSpec, type Spec } from "../spec/spec.js";
import type { Observation } from "./observation.js";

export interface Listing {
  /** No member could say who the members are. */
  readonly known: boolean;
  /** By name of the wanted or former member. */
  readonly entries: ReadonlyMap<string, ListedMember>;
  /** Entries that belong to nobody we know, by the name that quorate gives them. */
  readonly strangers: ReadonlyMap<string, ListedMember>;
  /** Every ID on the list. */
  readonly ids: ReadonlySet<string>;
}

/**
 * An entry belongs to the member whose data has its ID, or else to the one at its peer URL. Names do not count: one that
 * was added has none before it starts, and a member that moves house keeps its name.
 */
export function readListing(spec: Spec, seen: Observation): Listing {
  const listing = freshest(seen);
  const entries = new Map<string, ListedMember>();
  const left = new Map((listing?.members ?? []).map((entry) => [entry.id, entry]));
  const claim = (member: MemberSpec, entry: ListedMember | undefined): void => {
    if (entry === undefined || entries.has(member.name)) return;
    entries.set(member.name, entry);
    left.delete(entry.id);
  };
  const members = everyone(spec);
  for (const member of members) claim(member, left.get(idOnDisk(seen, member.name)));
  for (const member of members) {
    claim(
      member,
      [...left.values()].find(({ peerUrls }) => peerUrls.includes(member.peer.url)),
    );
  }
  const strangers = new Map([...left.values()].map((entry) => [strangerName(entry), entry]));
  const ids = new Set((listing?.members ?? []).map(({ id }) => id));
  return { known: listing !== undefined, entries, strangers, ids };
}

/** Another entry may have the same name, but none has the same peer URL. */
const strangerName = ({ id, name, peerUrls }: ListedMember): string =>
  `${name === "" ? id : name}@${peerUrls[0]?.replace(/^https?:\/\//, "") ?? "nowhere"}`;

function idOnDisk(seen: Observation, name: string): string {
  const host = seen.hosts[name];
  return host?.reach === "reachable" && host.data.kind === "member" ? host.data.memberId : "";
}

/** Each member tells what it has applied; the one that has applied most knows most. */
function freshest(seen: Observation): MemberListing | undefined {
  let best: { listing: MemberListing; applied: bigint } | undefined;
  for (const endpoint of Object.values(seen.etcd)) {
    if (endpoint.state !== "serving" || endpoint.listing === undefined) continue;
    const applied = endpoint.status.raftAppliedIndex;
    if (best === undefined || applied > best.applied) best = { listing: endpoint.listing, applied };
  }
  return best?.listing;
}
