/** Alarms, the size of the database against its quota, and what of it could be given back. */
import { ofMembers, type Judge } from "../advice.js";
import type { AdvisedMember } from "../input.js";

const upkeep = "etcd.io/docs, op-guide/maintenance";
const alerts = "etcd contrib/mixin/alerts; etcd.io/docs, op-guide/maintenance";
const defaultQuota = 2n << 30n;
const mebibyte = 1n << 20n;

/** undefined: without limit, or unknown. */
function quotaOf({ settings, status }: AdvisedMember): bigint | undefined {
  const asked = settings?.["quota-backend-bytes"];
  if (asked !== undefined && /^-?\d+$/.test(asked) && asked !== "0")
    return asked.startsWith("-") ? undefined : BigInt(asked);
  if (status !== undefined && status.dbSizeQuota > 0n) return status.dbSizeQuota;
  return settings === undefined ? undefined : defaultQuota;
}

const megabytes = (bytes: bigint): string => `${bytes / mebibyte} MiB`;

export const database: Judge = (cluster) => [
  ...ofMembers(cluster, ({ alarms }) =>
    alarms.includes("CORRUPT")
      ? {
          ...{ id: "alarm-corrupt", severity: "critical", what: "raised the alarm CORRUPT" },
          why: "members have different data, not always this one, and the whole cluster refuses writes",
          do: "`quorate hash-check` names the one that differs; then `quorate rebuild MEMBER`",
          source: "etcd.io/docs, op-guide/data_corruption",
        }
      : undefined,
  ),
  ...ofMembers(cluster, ({ alarms }) =>
    alarms.includes("NOSPACE")
      ? {
          ...{ id: "alarm-nospace", severity: "critical", what: "raised the alarm NOSPACE" },
          why: "its database has reached the quota, and the whole cluster refuses writes until the alarm is disarmed",
          ...{ do: "`quorate recover-space`; or raise quota-backend-bytes", source: upkeep },
        }
      : undefined,
  ),
  ...ofMembers(cluster, ({ alarms }) => {
    const others = alarms.filter((kind) => kind !== "CORRUPT" && kind !== "NOSPACE");
    if (others.length === 0) return undefined;
    return {
      ...{ id: "alarm-unknown", severity: "critical", what: `raised the alarm ${others.join(", ")}` },
      why: "etcd raises an alarm when it cannot go on as usual",
      ...{ do: "ask `etcdctl alarm list` of its version", source: upkeep },
    };
  }),
  ...ofMembers(cluster, (member) => {
    const quota = quotaOf(member);
    const size = member.status?.dbSize ?? 0n;
    if (quota === undefined || size * 100n <= quota * 80n) return undefined;
    return {
      ...{ id: "quota-near", severity: size * 100n > quota * 95n ? "critical" : "warn" },
      what: `its database has ${(size * 100n) / quota} % of its quota of ${megabytes(quota)}`,
      why: "at the quota the whole cluster refuses writes",
      ...{ do: "`quorate compact` and `quorate defrag`, or raise quota-backend-bytes", source: alerts },
    };
  }),
  ...ofMembers(cluster, (member) => {
    const { status } = member;
    if (status === undefined || status.dbSize === 0n) return undefined;
    const free = status.dbSize - status.dbSizeInUse;
    const quota = quotaOf(member);
    const large = status.dbSize > 100n * mebibyte || (quota !== undefined && status.dbSize * 100n > quota * 80n);
    if (free * 100n <= status.dbSize * 45n || !large) return undefined;
    return {
      ...{ id: "fragmented", severity: "warn" },
      what: `${(free * 100n) / status.dbSize} % of its database file of ${megabytes(status.dbSize)} is free`,
      why: "free pages count towards the quota, and are read and copied with every snapshot",
      ...{ do: "`quorate defrag`: the members in turn, the leader last", source: alerts },
    };
  }),
  ...ofMembers(cluster, ({ settings, status }) => {
    const retention = settings?.["auto-compaction-retention"];
    if (settings === undefined || (retention !== undefined && !/^0[a-z]*$/.test(retention))) return undefined;
    return {
      ...{ id: "no-auto-compaction", severity: (status?.dbSizeInUse ?? 0n) > 100n * mebibyte ? "warn" : "note" },
      what: "does not compact by itself",
      why: "every version of every key is kept until somebody compacts, as Kubernetes' API server does every five minutes",
      ...{ do: "set `auto-compaction-retention`, unless a client compacts", source: upkeep },
    };
  }),
  ...ofMembers(cluster, ({ settings }) => {
    const asked = settings?.["quota-backend-bytes"] ?? "0";
    const tooMuch = /^\d+$/.test(asked) && BigInt(asked) > 8n << 30n;
    if (!asked.startsWith("-") && !tooMuch) return undefined;
    return {
      ...{
        id: "quota-high",
        severity: "warn",
        what: tooMuch ? `its quota is ${megabytes(BigInt(asked))}` : "has no quota",
      },
      why: "above 8 GiB starts, snapshots and defragmenting become slow, and a full disk stops a member harder than an alarm",
      ...{ do: "set `quota-backend-bytes` to 8GiB or less", source: "etcd.io/docs, dev-guide/limit" },
    };
  }),
];
