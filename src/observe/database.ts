/** How a member's database file stands: what of it is free, and how near it is to its quota. */
import type { MemberStatus } from "../etcd/cluster.js";
import { parseSize } from "../spec/quantities.js";
import type { Spec } from "../spec/spec.js";
import type { Tri } from "./facts.js";

/** etcd's own, when nobody sets one (server/etcdserver DefaultQuotaBytes). */
const defaultQuota = 2n << 30n;
/** Bytes below which giving space back to the disk is not worth a pause, unless the quota is near. */
const worthwhile = 100n << 20n;

type Sizes = Pick<MemberStatus, "dbSize" | "dbSizeInUse" | "dbSizeQuota">;

/** Bytes that the file may have; undefined when the file asks for no limit. */
export function quotaOf({ etcd }: Spec, { dbSizeQuota }: Pick<Sizes, "dbSizeQuota">): bigint | undefined {
  const asked = etcd.settings["quota-backend-bytes"];
  if (asked?.startsWith("-") === true) return undefined;
  const bytes = BigInt(parseSize(asked ?? "0") ?? 0);
  if (bytes > 0n) return bytes;
  return dbSizeQuota > 0n ? dbSizeQuota : defaultQuota;
}

/** More than 45 per cent of the file is free, and either the file is large or the quota is near. */
export function isFragmented(spec: Spec, status: Sizes): Tri {
  if (status.dbSize === 0n) return "unknown";
  const free = status.dbSize - status.dbSizeInUse;
  if (free * 100n <= status.dbSize * 45n) return "no";
  const quota = quotaOf(spec, status);
  const near = quota !== undefined && status.dbSize * 100n > quota * 80n;
  return status.dbSize > worthwhile || near ? "yes" : "no";
}

/** What is in use has more than 80 per cent of the quota: writing the file anew does not help for long. */
export function isNearlyFull(spec: Spec, status: Sizes): boolean {
  const quota = quotaOf(spec, status);
  return quota !== undefined && status.dbSizeInUse * 100n > quota * 80n;
}

/** A tenth of the file or less is free: writing it anew would give nothing back. */
export const isTight = ({ dbSize, dbSizeInUse }: Sizes): boolean => (dbSize - dbSizeInUse) * 10n <= dbSize;

/** etcd raises NOSPACE as soon as the file, free pages and all, has reached its quota. */
export function isRoomy(spec: Spec, status: Sizes): Tri {
  if (status.dbSize === 0n) return "unknown";
  const quota = quotaOf(spec, status);
  return quota === undefined || status.dbSize < quota ? "yes" : "no";
}
