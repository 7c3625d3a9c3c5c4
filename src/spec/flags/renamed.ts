/** What became of a flag: its name, or the feature gate that took its place. */
import { flagsOf } from "./lines.js";

const gates: Readonly<Record<string, string>> = {
  "experimental-initial-corrupt-check": "InitialCorruptCheck",
  "experimental-compact-hash-check-enabled": "CompactHashCheck",
  "experimental-enable-lease-checkpoint": "LeaseCheckpoint",
  "experimental-enable-lease-checkpoint-persist": "LeaseCheckpointPersist",
  "experimental-stop-grpc-service-on-defrag": "StopGRPCServiceOnDefrag",
  "experimental-txn-mode-write-with-shared-buffer": "TxnModeWriteWithSharedBuffer",
};

const names: Readonly<Record<string, string>> = {
  "experimental-backend-bbolt-freelist-type": "backend-bbolt-freelist-type",
  "log-output": "log-outputs",
  debug: "log-level: debug",
};

/** How this version writes a flag of another; undefined when it has nothing like it. */
export function spellingIn(version: string, name: string): string | undefined {
  const known = flagsOf(version);
  const gate = gates[name];
  if (gate !== undefined && known.includes("feature-gates")) return `feature-gates: ${gate}=true`;
  const candidates = [names[name], name.replace(/^experimental-/, ""), `experimental-${name}`, backwards(name)];
  return candidates.find((each) => each !== undefined && each !== name && known.includes(each.split(":")[0] ?? each));
}

const backwards = (name: string): string | undefined => Object.keys(names).find((old) => names[old] === name);
