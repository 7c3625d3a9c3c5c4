/**
 * Whom a member's v3 store has as members. 3.4 and 3.5 do not go by it: what they list comes from the v2 store. 3.6 does,
 * and no call and no tool of 3.5 shows it, so it is read out of a snapshot (server/etcdserver/api/membership/store.go).
 */
import type { StoredMembers } from "../cluster.js";
import { bucketOf } from "./buckets.js";
import { pagesOf } from "./pages.js";

/** @param snapshot the whole of it @throws RangeError for what is no snapshot of etcd */
export async function storedMembersIn(snapshot: AsyncIterable<Uint8Array>): Promise<StoredMembers> {
  const pages = await pagesOf(snapshot);
  const members = [...bucketOf(pages, "members")].map(([id, value]) => ({ id, isLearner: isLearner(value) }));
  return { members, removed: [...bucketOf(pages, "members_removed").keys()] };
}

function isLearner(value: Buffer): boolean {
  try {
    const member: unknown = JSON.parse(value.toString("utf8"));
    return typeof member === "object" && member !== null && "isLearner" in member && member.isLearner === true;
  } catch {
    throw new RangeError("a member in the database file is not written as etcd writes it");
  }
}
