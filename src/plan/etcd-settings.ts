/** Settings that quorate adds to what the user asked for, by the line of etcd that will read them. */
import { compareVersions } from "./versions.js";

/**
 * Corruption is not looked for by default in any line; both checks are cheap (website op-guide/data_corruption.md). Their
 * spelling changed from flags to feature gates in 3.6. Pre-vote is the default only from 3.5, zap only from 3.5.
 */
export function defaultSettings(version: string): Record<string, string> {
  const atLeast = (other: string): boolean => compareVersions(version, other) >= 0;
  if (atLeast("3.6.0")) return { "feature-gates": "CompactHashCheck=true,InitialCorruptCheck=true" };
  if (atLeast("3.5.5"))
    return { "experimental-initial-corrupt-check": "true", "experimental-compact-hash-check-enabled": "true" };
  if (atLeast("3.5.0")) return { "experimental-initial-corrupt-check": "true" };
  return { "experimental-initial-corrupt-check": "true", "pre-vote": "true", logger: "zap" };
}

/** The user's settings win, also when they name a feature gate that a default names. */
export function effectiveSettings(version: string, asked: Readonly<Record<string, string>>): [string, string][] {
  const merged = { ...defaultSettings(version), ...asked };
  return Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1));
}
