/**
 * The IDs that etcd derives at the first start of a new cluster, from what it is told. Pure.
 * Source: server/etcdserver/api/membership, computeMemberID in member.go and genID in cluster.go.
 */
import { createHash } from "node:crypto";

/** The first eight bytes of a SHA-1, as a number. */
function firstEight(hash: Buffer): bigint {
  return hash.readBigUInt64BE(0);
}

/**
 * ID of a member of a cluster's first start.
 * @param peerUrls as in --initial-cluster, in any order.
 * @param token --initial-cluster-token.
 * @returns lower-case hex without leading zeros. Members added later have another ID: etcd mixes the time in.
 */
export function memberIdOf(peerUrls: readonly string[], token: string): string {
  const joined = peerUrls.toSorted().join("");
  return firstEight(createHash("sha1").update(joined).update(token).digest()).toString(16);
}

/**
 * ID of a cluster, from the IDs of the members of its first start in any order; it never changes afterwards.
 * @param memberIds hex, as from memberIdOf.
 * @returns lower-case hex without leading zeros.
 */
export function clusterIdOf(memberIds: readonly string[]): string {
  const ids = memberIds.map((id) => BigInt(`0x${id}`)).toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  const bytes = Buffer.alloc(8 * ids.length);
  for (const [index, id] of ids.entries()) bytes.writeBigUInt64BE(id, 8 * index);
  return firstEight(createHash("sha1").update(bytes).digest()).toString(16);
}
