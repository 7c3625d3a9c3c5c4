/** What kind of value an etcd flag takes, where quorate reads more forms than etcd or knows what etcd would refuse. */
import { goDuration, parseDuration, parseSize } from "../quantities.js";

export type SettingKind =
  | "bytes"
  | "milliseconds"
  | "duration"
  | "seconds"
  | "retention"
  | "flag"
  | "count"
  | readonly string[];

const words = (text: string): string[] => text.trim().split(/\s+/);
const all = (kind: SettingKind, names: string): [string, SettingKind][] => words(names).map((name) => [name, kind]);

/** By name without `experimental-`. */
const kinds: ReadonlyMap<string, SettingKind> = new Map([
  ...all("bytes", "quota-backend-bytes max-request-bytes"),
  ...all("milliseconds", "heartbeat-interval election-timeout"),
  ...all(
    "duration",
    `grpc-keepalive-min-time grpc-keepalive-interval grpc-keepalive-timeout backend-batch-interval raft-read-timeout
     raft-write-timeout warning-apply-duration warning-unary-request-duration corrupt-check-time compact-hash-check-time
     compaction-sleep-interval watch-progress-notify-interval downgrade-check-time`,
  ),
  ...all("seconds", "auth-token-ttl"),
  ...all("retention", "auto-compaction-retention"),
  ...all(
    "flag",
    `pre-vote initial-election-tick-advance enable-pprof enable-v2 enable-grpc-gateway enable-log-rotation memory-mlock
     socket-reuse-address socket-reuse-port enable-distributed-tracing initial-corrupt-check compact-hash-check-enabled
     enable-lease-checkpoint enable-lease-checkpoint-persist stop-grpc-service-on-defrag
     txn-mode-write-with-shared-buffer strict-reconfig-check debug`,
  ),
  ...all(
    "count",
    `snapshot-count snapshot-catchup-entries max-snapshots max-wals max-txn-ops max-concurrent-streams max-learners
     bcrypt-cost backend-batch-limit compaction-batch-limit bootstrap-defrag-threshold-megabytes
     distributed-tracing-sampling-rate`,
  ),
  ["auto-compaction-mode", ["periodic", "revision"]],
  ["backend-bbolt-freelist-type", ["array", "map"]],
  ["log-level", ["debug", "info", "warn", "error", "panic", "fatal"]],
  ["log-format", ["json", "console"]],
  ["metrics", ["basic", "extensive"]],
  ["tls-min-version", ["TLS1.2", "TLS1.3"]],
  ["tls-max-version", ["TLS1.2", "TLS1.3"]],
]);

/** undefined: taken as it is. */
export const settingKind = (name: string): SettingKind | undefined => kinds.get(name.replace(/^experimental-/, ""));

/** The value in the form that etcd reads; undefined when it has another form than its kind. */
export function settingValue(name: string, written: string): string | undefined {
  const kind = settingKind(name);
  if (kind === undefined) return written;
  if (typeof kind !== "string") return kind.includes(written) ? written : undefined;
  const whole = /^\d+$/.test(written);
  switch (kind) {
    case "bytes":
      return asText(whole ? Number(written) : parseSize(written));
    case "count":
      return whole ? written : undefined;
    case "flag":
      return written === "true" || written === "false" ? written : undefined;
    case "milliseconds":
      return whole ? written : asText(wholeNumber(parseDuration(written)));
    case "seconds":
      return whole ? written : asText(wholeNumber(divided(parseDuration(written), 1000)));
    case "duration":
    case "retention": {
      if (whole && (kind === "retention" || written === "0")) return written;
      const milliseconds = wholeNumber(parseDuration(written));
      return milliseconds === undefined ? undefined : goDuration(milliseconds);
    }
  }
}

const asText = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
const divided = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value / by;
const wholeNumber = (value: number | undefined): number | undefined =>
  Number.isSafeInteger(value) ? value : undefined;
