/** etcd version numbers: always exact, always three numbers. Pure and light: the planner uses this. */
import { QuorateError } from "../errors.js";

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const exact = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;
const prerelease = /^\d+\.\d+\.\d+-(alpha|beta|rc)[.\d]*$/;

/**
 * Reads an exact version such as "3.5.30".
 * @param where what to name in the error: the file's path of the value, or the flag.
 * @throws QuorateError E_RELEASE_VERSION, saying what to write instead.
 */
export function parseVersion(text: string, where?: string): Version {
  const found = exact.exec(text);
  if (found !== null) return { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3]) };
  throw new QuorateError("E_RELEASE_VERSION", `${JSON.stringify(text)} is not an exact etcd version`, {
    ...(where === undefined ? {} : { where }),
    expected: "three numbers, for example 3.5.30",
    found: JSON.stringify(text),
    next: adviceFor(text),
  });
}

/** Whether this is a version that parseVersion accepts. */
export function isExactVersion(text: string): boolean {
  return exact.test(text);
}

/** Whether this names a release that is not final, such as 3.8.0-alpha.0. */
export function isPrerelease(text: string): boolean {
  return prerelease.test(text);
}

/** Negative when a is older than b, positive when newer, 0 when equal. Fits Array.sort for oldest first. */
export function compareVersions(a: Version | string, b: Version | string): number {
  const left = typeof a === "string" ? parseVersion(a) : a;
  const right = typeof b === "string" ? parseVersion(b) : b;
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

/** The line that a version belongs to: "3.5" for 3.5.30. */
export function lineOf(version: Version | string): string {
  const { major, minor } = typeof version === "string" ? parseVersion(version) : version;
  return `${major}.${minor}`;
}

/** Versions with the newest first, each once. */
export function newestFirst(versions: readonly string[]): string[] {
  return [...new Set(versions)].sort((a, b) => compareVersions(b, a));
}

/** Versions with the oldest first, each once. */
export const oldestFirst = (versions: readonly string[]): string[] => newestFirst(versions).reverse();

/** Minor versions from a to b, negative when b is older; infinitely many to another major version. */
export function minorsApart(a: string, b: string): number {
  const [from, to] = [parseVersion(a), parseVersion(b)];
  return from.major === to.major ? to.minor - from.minor : (to.major - from.major) * Number.POSITIVE_INFINITY;
}

/** Whether the version is in any of the ranges, each from its first version to the first no longer meant. */
export function within(
  version: string,
  ranges: readonly { readonly from?: string; readonly below?: string }[],
): boolean {
  return ranges.some(
    ({ from, below }) =>
      (from === undefined || compareVersions(version, from) >= 0) &&
      (below === undefined || compareVersions(version, below) < 0),
  );
}

function adviceFor(text: string): string {
  const trimmed = text.trim().replace(/^v/i, "");
  if (exact.test(trimmed)) return `write ${trimmed}, with no "v" and no spaces`;
  if (prerelease.test(trimmed)) return "write a final version: alpha, beta and rc releases are not for keeping data in";
  if (/^\d+\.\d+$/.test(trimmed))
    return `write the patch as well, for example ${trimmed}.30: it decides which known faults a cluster has`;
  if (/^(latest|stable|newest|current)$/i.test(trimmed)) {
    return "leave the version out, and the newest that can be had is taken; or write one such as 3.5.30";
  }
  return "write three numbers, for example 3.5.30, or leave the version out to get the newest that can be had";
}
