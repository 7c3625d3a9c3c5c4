/** What etcd takes when a flag is not given (server/embed/config.go), for flags that people write out all the same. */

const everywhere: Readonly<Record<string, string>> = {
  "heartbeat-interval": "100",
  "election-timeout": "1000",
  "max-snapshots": "5",
  "max-wals": "5",
  "quota-backend-bytes": "0",
  "auto-compaction-mode": "periodic",
  "auto-compaction-retention": "0",
  "max-txn-ops": "128",
  "max-request-bytes": "1572864",
  "log-level": "info",
  metrics: "basic",
  "strict-reconfig-check": "true",
  "initial-election-tick-advance": "true",
  "enable-pprof": "false",
  "enable-v2": "false",
  "enable-grpc-gateway": "true",
  proxy: "off",
  "auth-token": "simple",
  "auth-token-ttl": "300",
  "bcrypt-cost": "10",
  "cipher-suites": "",
  cors: "*",
  "host-whitelist": "*",
  "log-outputs": "default",
  "log-output": "default",
  "grpc-keepalive-min-time": "5s",
  "grpc-keepalive-interval": "2h0m0s",
  "grpc-keepalive-timeout": "20s",
};

const byLine: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "3.4": { "snapshot-count": "100000", logger: "capnslog", "pre-vote": "false" },
  "3.5": { "snapshot-count": "100000", logger: "zap", "pre-vote": "true" },
  "3.6": { "snapshot-count": "10000", logger: "zap", "pre-vote": "true", "log-format": "json" },
  "3.7": { "snapshot-count": "10000", logger: "zap", "pre-vote": "true", "log-format": "json" },
};

/** @param line such as "3.5" */
export const isDefault = (line: string, name: string, value: string): boolean =>
  (byLine[line]?.[name] ?? everywhere[name]) === value;
