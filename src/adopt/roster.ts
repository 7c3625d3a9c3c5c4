/** Which host is which member of the live member list. Pure. */
import type { ListedMember, MemberListing } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import { nameOf, type Found, type Live } from "./found.js";
import { dialable, urlsIn } from "./urls.js";

/** Members of the list that no host was named for, with an address where each may be reached. */
export interface Unnamed {
  readonly name: string;
  readonly address: string | undefined;
}

export function unnamed(listing: MemberListing, members: readonly Live[]): Unnamed[] {
  const known = new Set(members.map(({ status }) => status.memberId));
  return listing.members
    .filter(({ id }) => !known.has(id))
    .map(({ id, name, peerUrls, clientUrls }) => ({
      name: name === "" ? id : name,
      address: dialable(urlsIn([...peerUrls, ...clientUrls].join(",")))[0]?.host,
    }));
}

/** @throws QuorateError E_ADOPT_DIFFERS when the hosts belong to more than one cluster, or two are one member */
export function listingOf(members: readonly Live[]): MemberListing {
  const [first] = members;
  const stranger = members.find(({ status }) => status.clusterId !== first?.status.clusterId);
  if (first === undefined || stranger !== undefined)
    throw new QuorateError("E_ADOPT_DIFFERS", "these hosts are not members of one cluster", {
      found: members.map((member) => `${nameOf(member)}: cluster ${member.status.clusterId}`).join(", "),
      next: "name the hosts of one cluster only",
    });
  members.forEach((member, index) => {
    const twin = members.findIndex(({ status }) => status.memberId === member.status.memberId);
    if (twin < index)
      throw new QuorateError(
        "E_ADOPT_DIFFERS",
        `${member.target.host} and ${members[twin]?.target.host} are the same member`,
        {
          next: "name every host once",
        },
      );
  });
  return first.listing;
}

/** This host's entry. @throws QuorateError E_MEMBERSHIP when the list has none */
export function entryOf(member: Live): ListedMember {
  const entry = member.listing.members.find(({ id }) => id === member.status.memberId);
  if (entry !== undefined) return entry;
  throw new QuorateError("E_MEMBERSHIP", `${nameOf(member)} is not in its own member list`, {
    where: member.target.host,
    found: member.listing.members.map(({ name }) => name).join(", "),
  });
}

export const hostsText = (members: readonly Found[]): string => members.map(({ target }) => target.host).join(", ");
