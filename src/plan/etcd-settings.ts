/** Settings that quorate adds to what the user asked for, in the spelling of the etcd that will read them. */
import { settingsFor, type VersionSettings } from "../spec/flags/translate.js";
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

/**
 * What the version is told, what was translated for it, and what it cannot be told. The user's settings win, feature gate
 * by feature gate.
 */
export const versionSettings = (version: string, asked: Readonly<Record<string, string>>): VersionSettings =>
  settingsFor(version, asked, defaultSettings(version));

/** All members of a cluster are told the same, and each is asked for at every turn of a plan. */
const known = new WeakMap<Readonly<Record<string, string>>, Map<string, readonly [string, string][]>>();

/**
 * Flag name and value, sorted. A setting that the version cannot be told is given to it all the same, so that it is not
 * lost without a word; whoever plans refuses first (`versionSettings(…).problems`).
 */
export function effectiveSettings(
  version: string,
  asked: Readonly<Record<string, string>>,
): readonly [string, string][] {
  const ofAll = known.get(asked) ?? new Map<string, readonly [string, string][]>();
  const settings = ofAll.get(version) ?? merge(version, asked);
  known.set(asked, ofAll.set(version, settings));
  return settings;
}

function merge(version: string, asked: Readonly<Record<string, string>>): [string, string][] {
  const { flags, problems } = versionSettings(version, asked);
  const merged = new Map(flags);
  for (const { name, value } of problems) if (!merged.has(name)) merged.set(name, value);
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
}
