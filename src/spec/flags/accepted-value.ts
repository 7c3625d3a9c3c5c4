/** Values of a flag that came or went while its name stayed. */
import { compareVersions, lineOf } from "../../release/versions.js";

export type Accepted =
  | { readonly value: string; readonly why?: string }
  /** Not given to etcd, which does what was asked, or nothing else any more. */
  | { readonly leftOut: string }
  | { readonly expected: string; readonly next: string };

/** @param flag as this version spells it */
export function acceptedValue(version: string, flag: string, value: string): Accepted {
  if (flag === "logger" && value === "capnslog" && compareVersions(version, "3.5.0") >= 0)
    return { value: "zap", why: "from 3.5 zap is the only logger" };
  if (flag === "v2-deprecation") return stageOf(version, value);
  return { value };
}

/** The first patches with `write-only-skip-check`, by line (server/etcdmain/config.go of the tags). */
const skipCheckSince: Readonly<Record<string, string>> = { "3.5": "3.5.32", "3.6": "3.6.13", "3.7": "3.7.0" };

/** Of 3.6 and later, only `write-only-skip-check` is more than ignored (server/etcdmain/config.go of 3.6.14). */
function stageOf(version: string, value: string): Accepted {
  if (value === "not-yet" && compareVersions(version, "3.6.0") >= 0)
    return { leftOut: "from 3.6 nothing of the v2 store is served, whatever this says" };
  const since = skipCheckSince[lineOf(version)];
  if (value === "write-only-skip-check" && since !== undefined && compareVersions(version, since) < 0)
    return { expected: `etcd ${since} or later`, next: `take etcd ${since} or later, or remove the line` };
  return { value };
}
