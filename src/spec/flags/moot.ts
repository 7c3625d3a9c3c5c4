/** Values that ask for what a version without the flag does anyway, so that leaving the flag out loses nothing. */

/** By name without `experimental-`. From the defaults and constants of the sources of 3.4.45, 3.5.33 and 3.6.14. */
const moot: Readonly<Record<string, readonly string[]>> = {
  "bootstrap-defrag-threshold-megabytes": ["0"],
  "compact-hash-check-time": ["1m"],
  "compaction-sleep-interval": ["10ms"],
  debug: ["false"],
  "downgrade-check-time": ["5s"],
  "enable-distributed-tracing": ["false"],
  "enable-log-rotation": ["false"],
  "enable-v2": ["false"],
  "enable-v2v3": [""],
  "log-format": ["json"],
  "log-package-levels": [""],
  "max-learners": ["1"],
  "memory-mlock": ["false"],
  proxy: ["off"],
  "raft-read-timeout": ["5s"],
  "raft-write-timeout": ["5s"],
  "snapshot-catchup-entries": ["5000"],
  "socket-reuse-address": ["false"],
  "socket-reuse-port": ["false"],
  "v2-deprecation": ["not-yet"],
  "warning-apply-duration": ["100ms"],
  "warning-unary-request-duration": ["300ms"],
};

/** Whether a version that lacks the flag behaves as if it had this value. @param concept without `experimental-` */
export const isMoot = (concept: string, value: string): boolean => moot[concept]?.includes(value) ?? false;
