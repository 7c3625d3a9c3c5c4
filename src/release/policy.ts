/** Judges an etcd version by the table of known-versions.ts. Pure and light: the planner uses this. */
import { QuorateError } from "../errors.js";
import { newestKnownLine, versionRules, type VersionRule } from "./known-versions.js";
import { compareVersions, isExactVersion, isPrerelease, lineOf, newestFirst, parseVersion } from "./versions.js";

export interface Reason {
  /** The rule that speaks, stable. */
  readonly id: string;
  readonly text: string;
  /** Where it can be looked up. */
  readonly source: string;
}

export interface Judgement {
  readonly verdict: "ok" | "warn" | "refused";
  readonly reasons: readonly Reason[];
}

/**
 * What is known of this version, for new members on this architecture (GOARCH).
 * @throws QuorateError E_RELEASE_VERSION when it is neither an exact version nor a pre-release.
 */
export function judgeVersion(version: string, arch?: string, rules: readonly VersionRule[] = versionRules): Judgement {
  if (isPrerelease(version)) return { verdict: "refused", reasons: [unfinished] };
  const meant = rules.filter((rule) => applies(rule, version, arch));
  const refusals = meant.filter((rule) => rule.verdict === "refused");
  const speaking = refusals.length > 0 ? refusals : meant;
  const reasons = speaking.map(({ id, text, source }) => ({ id, text, source }));
  return { verdict: refusals.length > 0 ? "refused" : reasons.length > 0 ? "warn" : "ok", reasons };
}

/** @throws QuorateError E_RELEASE_VERSION or E_RELEASE_REFUSED, with the reason and where it is written down. */
export function requireAllowed(version: string, arch?: string): Judgement {
  const judgement = judgeVersion(version, arch);
  if (judgement.verdict !== "refused") return judgement;
  const why = judgement.reasons.map((reason) => `${reason.text} (${reason.source})`).join("; ");
  throw new QuorateError("E_RELEASE_REFUSED", `etcd ${version} is refused: ${why}`, { found: version });
}

/**
 * The version to take out of those offered: the newest line that the rules allow, and in it the newest patch that
 * draws no warning, or else the newest. Lines newer than this quorate knows, pre-releases and refused versions are
 * passed over. undefined: nothing fits.
 */
export function choose(
  offered: readonly string[],
  arch?: string,
): { version: string; judgement: Judgement } | undefined {
  const allowed = newestFirst(offered.filter(isExactVersion))
    .filter((version) => compareVersions(`${lineOf(version)}.0`, `${newestKnownLine}.0`) <= 0)
    .map((version) => ({ version, judgement: judgeVersion(version, arch) }))
    .filter(({ judgement }) => judgement.verdict !== "refused");
  const newest = allowed[0];
  if (newest === undefined) return undefined;
  const line = allowed.filter(({ version }) => lineOf(version) === lineOf(newest.version));
  return line.find(({ judgement }) => judgement.verdict === "ok") ?? newest;
}

/** Whether the version belongs to a line that gets no fixes any more. */
export function lineHasEnded(version: string): boolean {
  return versionRules.some((rule) => rule.lineEnded === true && applies(rule, version, undefined));
}

const unfinished: Reason = {
  id: "prerelease",
  text: "alpha, beta and rc releases are for trying out, not for keeping data in",
  source: "etcd.io/docs, op-guide/versioning",
};

function applies(rule: VersionRule, version: string, arch: string | undefined): boolean {
  const wanted = parseVersion(version);
  if (rule.arch !== undefined && (arch === undefined || !rule.arch.includes(arch))) return false;
  if (rule.from !== undefined && compareVersions(wanted, rule.from) < 0) return false;
  return rule.below === undefined || compareVersions(wanted, rule.below) < 0;
}
