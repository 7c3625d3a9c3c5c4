/** Faults of versions that show while a cluster just runs. Whether a version may be chosen at all is in known-versions.ts. */
import type { Hazard } from "./hazard.js";

type Fault = Pick<Hazard, "id" | "text" | "source"> & {
  readonly running: NonNullable<Hazard["running"]>;
  readonly next?: string;
};

const upgrade = "move to the newest patch of the line";

const known: readonly Fault[] = [
  {
    id: "stale-reads",
    running: [
      { from: "3.4.20", below: "3.4.42" },
      { from: "3.5.0", below: "3.5.28" },
      { from: "3.6.0", below: "3.6.9" },
    ],
    text: "after its process was paused, a member can answer a linearizable read with old data",
    source: "etcd-io/etcd#20418, #21417, #21421, #21423",
  },
  {
    id: "auth-bypass",
    running: [{ below: "3.4.42" }, { from: "3.5.0", below: "3.5.28" }, { from: "3.6.0", below: "3.6.9" }],
    text: "several requests are answered without asking for a user, and nested transactions go past roles",
    source: "CVE-2026-33413, CVE-2026-33343",
  },
  {
    id: "nested-put-bypass",
    running: [{ below: "3.4.44" }, { from: "3.5.0", below: "3.5.30" }, { from: "3.6.0", below: "3.6.11" }],
    text: "a put inside a transaction can read keys that the user has no role for",
    source: "CVE-2026-44283; etcd-io/etcd#21681, #21682, #21683",
  },
  {
    id: "watch-too-wide",
    running: [{ below: "3.5.33" }, { from: "3.6.0", below: "3.6.14" }, { from: "3.7.0", below: "3.7.1" }],
    text: "a user who may read one key can watch every key from there on",
    source: "GHSA-xg4h-6gfc-h4m8",
  },
  {
    id: "handshake-stall",
    running: [{ below: "3.5.33" }, { from: "3.6.0", below: "3.6.14" }, { from: "3.7.0", below: "3.7.1" }],
    text: "a client that opens a connection and says nothing keeps others from connecting over TLS",
    source: "GHSA-6vch-q96h-7gc3",
  },
  {
    id: "crl-bypass",
    running: [
      { from: "3.4.25", below: "3.5.0" },
      { from: "3.5.8", below: "3.5.32" },
      { from: "3.6.0", below: "3.6.13" },
    ],
    text: "with listen-client-http-urls set, revoked certificates are accepted on the gRPC port",
    source: "GHSA-3wh4-j44w-pg92",
    next: `${upgrade}, or leave listen-client-http-urls out`,
  },
  {
    id: "quota-misreported",
    running: [{ from: "3.6.0", below: "3.6.6" }],
    text: "the quota in a member's status is not the one that it applies",
    source: "etcd-io/etcd#20790",
  },
];

export const faults: readonly Hazard[] = known.map(({ next = upgrade, ...fault }) => ({
  ...fault,
  next,
  triggers: ["run"],
  severity: "warn",
  detectedBy: "versions",
  detection: "the version that each member reports",
}));
