/**
 * Feature gates: what 3.6 and later write as `feature-gates: InitialCorruptCheck=true`, and lines before it as a flag of
 * its own, if they have it at all. From server/features/etcd_features.go of 3.6.14 and 3.7.1.
 */
import { compareVersions } from "../../release/versions.js";

interface Gate {
  /** The flag of lines before 3.6 that does the same. */
  readonly flag?: string;
  /** First version with the gate. */
  readonly since: string;
}

const gates: Readonly<Record<string, Gate>> = {
  AllAlpha: { since: "3.6.0" },
  AllBeta: { since: "3.6.0" },
  CompactHashCheck: { flag: "experimental-compact-hash-check-enabled", since: "3.6.0" },
  FastLeaseKeepAlive: { since: "3.7.0" },
  InitialCorruptCheck: { flag: "experimental-initial-corrupt-check", since: "3.6.0" },
  LeaseCheckpoint: { flag: "experimental-enable-lease-checkpoint", since: "3.6.0" },
  LeaseCheckpointPersist: { flag: "experimental-enable-lease-checkpoint-persist", since: "3.6.0" },
  PriorityRequest: { since: "3.7.0" },
  SetMemberLocalAddr: { since: "3.6.0" },
  StopGRPCServiceOnDefrag: { flag: "experimental-stop-grpc-service-on-defrag", since: "3.6.0" },
  TxnModeWriteWithSharedBuffer: { flag: "experimental-txn-mode-write-with-shared-buffer", since: "3.6.0" },
};

const byFlag: ReadonlyMap<string, string> = new Map(
  Object.entries(gates).flatMap(([name, { flag }]) => (flag === undefined ? [] : [[flag, name] as const])),
);

/** The gate that took the place of a flag. */
export const gateOfFlag = (flag: string): string | undefined => byFlag.get(flag);

/** The flag that a gate took the place of. */
export const flagOfGate = (gate: string): string | undefined => gates[gate]?.flag;

/** The gates that a version knows; none before 3.6. */
export function gatesOf(version: string): string[] {
  return Object.entries(gates).flatMap(([name, { since }]) => (compareVersions(version, since) >= 0 ? [name] : []));
}

export interface ReadGates {
  readonly set: readonly (readonly [gate: string, value: "true" | "false"])[];
  /** Parts that are not of the form NAME=true or NAME=false. */
  readonly unreadable: readonly string[];
}

/** Go's strconv.ParseBool reads these; the last mention of a gate counts (pkg/featuregate Set). */
const truths: Readonly<Record<string, "true" | "false">> = {
  ...{ "1": "true", t: "true", T: "true", TRUE: "true", true: "true", True: "true" },
  ...{ "0": "false", f: "false", F: "false", FALSE: "false", false: "false", False: "false" },
};

/** As a switch reads it; undefined: it would not start. */
export const truthOf = (value: string): "true" | "false" | undefined =>
  Object.hasOwn(truths, value) ? truths[value] : undefined;

/** @param text as etcd reads it: `A=true,B=false` */
export function readGates(text: string): ReadGates {
  const set = new Map<string, "true" | "false">();
  const unreadable: string[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const [name = "", value = "", ...more] = part.split("=").map((one) => one.trim());
    const truth = truthOf(value);
    if (truth === undefined || name === "" || more.length > 0) unreadable.push(part);
    else set.set(name, truth);
  }
  return { set: [...set], unreadable };
}

/** Sorted, so that the same gates always read the same. */
export const writeGates = (set: Readonly<Record<string, string>>): string =>
  Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
