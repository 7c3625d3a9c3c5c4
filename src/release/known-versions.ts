/**
 * What is known of etcd's versions, as data. Each entry is a range, a verdict, the reason in a user's words, and the
 * place where it can be looked up. policy.ts interprets it; nothing else in the product decides by version number.
 */
export type Verdict = "warn" | "refused";

export interface VersionRule {
  /** Stable name, for tests and for silencing. */
  readonly id: string;
  /** First version meant; left out: from the beginning. */
  readonly from?: string;
  /** First version no longer meant; left out: to the end. */
  readonly below?: string;
  /** Architectures meant (GOARCH); left out: all. */
  readonly arch?: readonly string[];
  readonly verdict: Verdict;
  /** The whole line gets no fixes any more, so a newer line is worth looking for further away. */
  readonly lineEnded?: true;
  readonly text: string;
  readonly source: string;
}

/** The newest line that the rules below were written for. A newer one is allowed by name, but never chosen. */
export const newestKnownLine = "3.7";

const advisories = "GHSA-6vch-q96h-7gc3 (a client can stall TLS handshakes) and the advisories before it";

export const versionRules: readonly VersionRule[] = [
  {
    id: "before-3.4",
    below: "3.4.0",
    verdict: "refused",
    text: "etcd before 3.4 is not supported: no learners, and no upgrade path that quorate knows",
    source: "etcd.io/docs, op-guide/versioning",
  },
  {
    id: "line-3.4-ended",
    from: "3.4.0",
    below: "3.5.0",
    verdict: "warn",
    lineEnded: true,
    text: "the 3.4 line has ended with 3.4.45 and gets no security fixes; use it only to come from it",
    source: "etcd CHANGELOG-3.4",
  },
  {
    id: "floor-3.4",
    from: "3.4.0",
    below: "3.4.22",
    verdict: "warn",
    text: "below 3.4.22, the lowest 3.4 recommended for production",
    source: "etcd CHANGELOG-3.4",
  },
  {
    id: "unsupported-arch-3.4",
    from: "3.4.0",
    below: "3.5.0",
    arch: ["arm64", "s390x"],
    verdict: "warn",
    text: "every 3.4 release starts on this architecture only with ETCD_UNSUPPORTED_ARCH set to it",
    source: "etcd 3.4 etcdmain, checkSupportArch",
  },
  {
    id: "data-inconsistency-3.5",
    from: "3.5.0",
    below: "3.5.3",
    verdict: "refused",
    text: "members of 3.5.0 to 3.5.2 can silently differ in their data after a crash under load",
    source: "etcd-io/etcd#13766; etcd Documentation/postmortems/v3.5-data-inconsistency.md",
  },
  {
    id: "floor-3.5",
    from: "3.5.3",
    below: "3.5.6",
    verdict: "warn",
    text: "below 3.5.6: a crash while defragmenting can corrupt data, and a single member can lose acknowledged writes",
    source: "etcd-io/etcd#14733, #14424",
  },
  {
    id: "security-floor-3.5",
    from: "3.5.3",
    below: "3.5.33",
    verdict: "warn",
    text: `below 3.5.33, which fixes ${advisories}`,
    source: "GHSA-6vch-q96h-7gc3, GHSA-3wh4-j44w-pg92, CVE-2026-33413, CVE-2026-33343, CVE-2026-44283",
  },
  {
    id: "first-3.6",
    from: "3.6.0",
    below: "3.6.5",
    verdict: "refused",
    text: "3.6.0 to 3.6.4 can forget a learner's promotion and corrupt a member that defragments while it catches up",
    source: "etcd-io/etcd#20387, #20650",
  },
  {
    id: "security-floor-3.6",
    from: "3.6.5",
    below: "3.6.14",
    verdict: "warn",
    text: `below 3.6.14, which fixes ${advisories}`,
    source: "GHSA-6vch-q96h-7gc3, GHSA-3wh4-j44w-pg92, CVE-2026-33413, CVE-2026-33343, CVE-2026-44283",
  },
  {
    id: "security-floor-3.7",
    from: "3.7.0",
    below: "3.7.1",
    verdict: "warn",
    text: "below 3.7.1, which fixes GHSA-6vch-q96h-7gc3 (a client can stall TLS handshakes)",
    source: "GHSA-6vch-q96h-7gc3",
  },
  {
    id: "unknown-line",
    from: "3.8.0",
    verdict: "warn",
    text: "newer than any line that this quorate was written for",
    source: "quorate",
  },
];
