/** Settings that etcd would refuse to start with, or that turn on the operator later: times, quota, snapshots. */
import { formatSize } from "../quantities.js";
import type { Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";

/** etcd's own limits: server/embed/config.go Validate. */
const longestElection = 50_000;
const largestQuota = 8 * 2 ** 30;

export function times({ spec }: Candidate): Problem[] {
  const { settings } = spec.etcd;
  const heartbeat = whole(settings["heartbeat-interval"] ?? "100");
  const election = whole(settings["election-timeout"] ?? "1000");
  const say = (name: string, message: string, expected: string, next: string): Problem => {
    const path = ["etcd", "settings", settings[name] === undefined ? other(name) : name];
    const found = `heartbeat-interval ${shown(heartbeat)}, election-timeout ${shown(election)}`;
    return { code: "E_SPEC_TIMING", path, message, expected, found, next };
  };
  if (election !== undefined && election > longestElection) {
    return [
      say(
        "election-timeout",
        "the election timeout is longer than 50 s, and etcd would not start",
        "at most 50s",
        "write 50s or less",
      ),
    ];
  }
  if (heartbeat === 0)
    return [say("heartbeat-interval", "the heartbeat interval is 0", "at least 1 ms", "write 100ms")];
  if (heartbeat === undefined || election === undefined || election >= 5 * heartbeat) return [];
  const message =
    heartbeat >= election
      ? "the heartbeat interval is not shorter than the election timeout"
      : "the election timeout is less than 5 heartbeats, and etcd would not start";
  const fitting = Math.min(heartbeat * 10, longestElection);
  return [
    say(
      "election-timeout",
      message,
      "an election timeout of 10 heartbeats",
      `write \`election-timeout: ${fitting}ms\`, or a shorter heartbeat`,
    ),
  ];
}

const shown = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? "unclear" : `${milliseconds} ms`;

const other = (name: string): string => (name === "heartbeat-interval" ? "election-timeout" : "heartbeat-interval");

export function quota({ spec }: Candidate): Problem[] {
  const written = spec.etcd.settings["quota-backend-bytes"];
  if (written === undefined) return [];
  const base = {
    code: "E_SPEC_QUOTA",
    path: ["etcd", "settings", "quota-backend-bytes"],
    found: written,
    expected: "2GiB to 8GiB",
  } as const;
  if (/^-\d/.test(written))
    return [
      {
        ...base,
        message: "a negative quota is no limit at all: the disk would be",
        next: "leave it out for etcd's 2 GiB, or write up to 8GiB",
      },
    ];
  const bytes = whole(written);
  if (bytes === 0)
    return [
      { ...base, message: "a quota of 0 says nothing: etcd takes it for 2 GiB", next: "leave it out, or write 2GiB" },
    ];
  if (bytes === undefined || bytes <= largestQuota) return [];
  const message = `a quota of ${formatSize(bytes)} is more than the 8 GiB that etcd recommends`;
  return [{ ...base, severity: "warning", message, next: "keep it at 8GiB unless you have tested recovery with more" }];
}

export function snapshots({ spec }: Candidate): Problem[] {
  const written = spec.etcd.settings["snapshot-count"];
  if (written === undefined || whole(written) !== 0) return [];
  const path = ["etcd", "settings", "snapshot-count"];
  return [
    {
      code: "E_SPEC_SETTING",
      path,
      message: "a snapshot count of 0 makes etcd snapshot after every write",
      found: "0",
      expected: "1000 or more",
      next: "leave it out, or write 10000",
    },
  ];
}

const whole = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
