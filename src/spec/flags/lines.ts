/**
 * The flags of etcd's lines, as the binaries themselves define them: 3.4.23, 3.5.30 and 3.6.16 were asked flag by flag.
 * 3.7, and the patches in `since`, are from the flag definitions in the sources (embed/config.go, etcdmain/config.go).
 */
import { compareVersions, lineOf } from "../../release/versions.js";

const words = (text: string): string[] => text.trim().split(/\s+/);

const in34 = words(`
  advertise-client-urls auth-token auth-token-ttl auto-compaction-mode auto-compaction-retention auto-tls
  backend-batch-interval backend-batch-limit bcrypt-cost cert-file cipher-suites client-cert-allowed-hostname
  client-cert-auth client-crl-file config-file cors data-dir debug discovery discovery-fallback discovery-proxy
  discovery-srv discovery-srv-name election-timeout enable-grpc-gateway enable-pprof enable-v2
  experimental-backend-bbolt-freelist-type experimental-compaction-batch-limit experimental-corrupt-check-time
  experimental-enable-lease-checkpoint experimental-enable-lease-checkpoint-persist experimental-enable-v2v3
  experimental-initial-corrupt-check experimental-peer-skip-client-san-verification
  experimental-warning-apply-duration experimental-watch-progress-notify-interval force-new-cluster
  grpc-keepalive-interval grpc-keepalive-min-time grpc-keepalive-timeout heartbeat-interval host-whitelist
  initial-advertise-peer-urls initial-cluster initial-cluster-state initial-cluster-token
  initial-election-tick-advance key-file listen-client-http-urls listen-client-urls listen-metrics-urls
  listen-peer-urls log-level log-output log-outputs log-package-levels logger max-concurrent-streams
  max-request-bytes max-snapshots max-txn-ops max-wals metrics name next-cluster-version-compatible peer-auto-tls
  peer-cert-allowed-cn peer-cert-allowed-hostname peer-cert-file peer-client-cert-auth peer-crl-file peer-key-file
  peer-trusted-ca-file pre-vote proxy proxy-dial-timeout proxy-failure-wait proxy-read-timeout
  proxy-refresh-interval proxy-write-timeout quota-backend-bytes snapshot-count strict-reconfig-check
  tls-max-version tls-min-version trusted-ca-file unsafe-no-fsync wal-dir
`);

const in35 = changed(in34, {
  added: `
    backend-bbolt-freelist-type client-cert-file client-key-file enable-log-rotation
    experimental-bootstrap-defrag-threshold-megabytes experimental-compact-hash-check-enabled
    experimental-compact-hash-check-time experimental-compaction-sleep-interval
    experimental-distributed-tracing-address experimental-distributed-tracing-instance-id
    experimental-distributed-tracing-sampling-rate experimental-distributed-tracing-service-name
    experimental-downgrade-check-time experimental-enable-distributed-tracing experimental-memory-mlock
    experimental-snapshot-catchup-entries experimental-stop-grpc-service-on-defrag
    experimental-txn-mode-write-with-shared-buffer log-rotation-config-json peer-client-cert-file
    peer-client-key-file raft-read-timeout raft-write-timeout self-signed-cert-validity socket-reuse-address
    socket-reuse-port v2-deprecation
  `,
  removed: (name) =>
    words(
      "debug experimental-backend-bbolt-freelist-type log-output log-package-levels next-cluster-version-compatible",
    ).includes(name),
});

const in36 = changed(in35, {
  added: `
    bootstrap-defrag-threshold-megabytes compact-hash-check-time compaction-batch-limit compaction-sleep-interval
    corrupt-check-time discovery-cacert discovery-cert discovery-dial-timeout discovery-endpoints
    discovery-insecure-skip-tls-verify discovery-insecure-transport discovery-keepalive-time
    discovery-keepalive-timeout discovery-key discovery-password discovery-request-timeout discovery-token
    discovery-user distributed-tracing-address distributed-tracing-instance-id distributed-tracing-sampling-rate
    distributed-tracing-service-name downgrade-check-time enable-distributed-tracing
    experimental-warning-unary-request-duration feature-gates log-format max-learners memory-mlock
    peer-skip-client-san-verification snapshot-catchup-entries warning-apply-duration
    warning-unary-request-duration watch-progress-notify-interval
  `,
  removed: (name) => name === "enable-v2" || name === "experimental-enable-v2v3" || name.startsWith("proxy"),
});

const in37 = changed(in36, {
  added: "",
  removed: (name) => name.startsWith("experimental-") || name === "discovery" || name === "discovery-proxy",
});

const lines: Readonly<Record<string, readonly string[]>> = { "3.4": in34, "3.5": in35, "3.6": in36, "3.7": in37 };

/** First patch of a line that knows the flag, where that is not the line's first. */
const since: Readonly<Record<string, readonly string[]>> = {
  "auth-token-ttl": ["3.4.10"],
  "unsafe-no-fsync": ["3.4.10"],
  "experimental-watch-progress-notify-interval": ["3.4.11"],
  "experimental-warning-apply-duration": ["3.4.16"],
  "experimental-enable-lease-checkpoint-persist": ["3.4.20", "3.5.2"],
  "max-concurrent-streams": ["3.4.20", "3.5.5"],
  "listen-client-http-urls": ["3.4.25", "3.5.8"],
  "tls-min-version": ["3.4.25", "3.5.8"],
  "tls-max-version": ["3.4.25", "3.5.8"],
  "next-cluster-version-compatible": ["3.4.31"],
  "experimental-compact-hash-check-enabled": ["3.5.5"],
  "experimental-compact-hash-check-time": ["3.5.5"],
  "experimental-distributed-tracing-sampling-rate": ["3.5.11"],
  "experimental-snapshot-catchup-entries": ["3.5.14"],
  "experimental-stop-grpc-service-on-defrag": ["3.5.14"],
  "experimental-compaction-sleep-interval": ["3.5.16"],
};

function changed(
  before: readonly string[],
  { added, removed }: { added: string; removed: (name: string) => boolean },
): string[] {
  return [...before.filter((name) => !removed(name)), ...(added.trim() === "" ? [] : words(added))];
}

/** Flags of an exact version; of the newest known line when the version's own is newer. */
export function flagsOf(version: string): readonly string[] {
  const known = lines[lineOf(version)] ?? (compareVersions(version, "3.7.0") > 0 ? in37 : []);
  return known.filter((name) => {
    const first = since[name]?.find((each) => lineOf(each) === lineOf(version));
    return first === undefined || compareVersions(version, first) >= 0;
  });
}

/** The lines that know a flag, oldest first, for example ["3.4", "3.5"]. */
export const linesWith = (name: string): string[] => Object.keys(lines).filter((line) => lines[line]?.includes(name));

/** The first patch of the version's line that knows the flag. */
export const firstPatchWith = (name: string, version: string): string | undefined =>
  since[name]?.find((each) => lineOf(each) === lineOf(version));

export const everyFlag: readonly string[] = [...new Set(Object.values(lines).flat())];
