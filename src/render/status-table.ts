/** The cluster at a glance. */
import { elapsed, until } from "./duration.js";
import type { Page } from "./error-text.js";
import { share, size } from "./size.js";
import type { StatusRow } from "./status-rows.js";
import { table } from "./table.js";

const heading = [
  "MEMBER",
  "ROLE",
  "VERSION",
  "DB SIZE",
  "IN USE",
  "OF QUOTA",
  "REVISION",
  "INDEX",
  "LAG",
  "RTT",
  "ALARMS",
  "CERTIFICATE",
  "UNIT",
];

/** @param now milliseconds since the epoch */
export function statusTable(rows: readonly StatusRow[], now: number, { style }: Page): string[] {
  const paint = {
    leader: style.green,
    follower: style.green,
    learner: style.yellow,
    silent: style.red,
    unknown: style.yellow,
  };
  const cells = rows.map((row) => [
    row.member,
    paint[row.role](row.role),
    row.version ?? "-",
    row.dbSize === undefined ? "-" : size(row.dbSize),
    row.dbSize === undefined ? "-" : share(row.dbSizeInUse ?? 0n, row.dbSize),
    quotaCell(row),
    row.revision?.toString() ?? "-",
    row.raftIndex?.toString() ?? "-",
    row.lag?.toString() ?? "-",
    row.rttMilliseconds === undefined ? "-" : elapsed(row.rttMilliseconds),
    row.alarms.length === 0 ? "-" : style.red(row.alarms.join(" ")),
    certificateCell(row, now),
    unitCell(row),
  ]);
  const [first = "", ...rest] = table([heading, ...cells]);
  return [style.dim(first), ...rest, ...rows.flatMap(remarks)];
}

function quotaCell({ dbSize, dbSizeQuota }: StatusRow): string {
  if (dbSize === undefined || dbSizeQuota === undefined) return "-";
  return `${share(dbSize, dbSizeQuota)} of ${size(dbSizeQuota)}`;
}

function certificateCell({ certificate }: StatusRow, now: number): string {
  if (certificate?.notAfter === undefined) return "-";
  return `${until(Date.parse(certificate.notAfter), now)}${certificate.state === "ok" ? "" : `, ${certificate.state}`}`;
}

function unitCell({ unit, host }: StatusRow): string {
  if (unit === undefined) return host === undefined ? "-" : "no answer";
  return [
    unit.state,
    ...(unit.enabled ? [] : ["not enabled"]),
    ...(unit.restarts > 0 ? [`${unit.restarts} restarts`] : []),
  ].join(", ");
}

const listRemarks = {
  current: undefined,
  former: undefined, // good until the CA that signed it goes
  stale: "its list of revoked certificates is out of date; `quorate up` brings the newest",
  foreign: "its list of revoked certificates is none that is known here",
  missing: "it has no list of revoked certificates, so it lets them in; `quorate plan` shows the way",
};

function remarks({ member, why, host, certificate, fragmented, revocations }: StatusRow): string[] {
  const loose = fragmented ? "much of its database file is free; `quorate defrag` gives it back" : undefined;
  const list = revocations === undefined ? undefined : listRemarks[revocations];
  const told = [why, host, loose, list, ...(certificate?.state === "wrong" ? certificate.reasons : [])];
  return told.flatMap((text) => (text === undefined ? [] : [`${member}: ${text}`]));
}

/** Numbers of 64 bits are strings, so that no reader rounds them. */
export function statusJson(cluster: string, clusterId: string | undefined, rows: readonly StatusRow[]): object {
  return {
    cluster,
    clusterId: clusterId ?? null,
    leader: rows.find(({ role }) => role === "leader")?.member ?? null,
    members: rows.map((row) => ({
      ...row,
      dbSize: text(row.dbSize),
      dbSizeInUse: text(row.dbSizeInUse),
      dbSizeQuota: text(row.dbSizeQuota),
      revision: text(row.revision),
      raftTerm: text(row.raftTerm),
      raftIndex: text(row.raftIndex),
      lag: text(row.lag),
    })),
  };
}

const text = (value: bigint | undefined): string | null => value?.toString() ?? null;
