/** What is right and wrong with a member's certificates: synchronous and cheap, for every observation of every host. */
import { isIP } from "node:net";
import type { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { TrustVerdict } from "./authority.js";
import { chainTo } from "./chain.js";
import { fingerprintsOf } from "./fingerprint.js";
import { certificatesIn, commonNameOf, validityOf } from "./pem.js";
import type { Usage } from "./profile.js";
import { daysLeft, issuedAt, shareLeft, wholeSecond, type Validity } from "./validity.js";

/** What one certificate must be. */
export interface Requirement {
  /** "server" or "peer": stands before every reason. */
  readonly what: string;
  readonly names: readonly string[];
  readonly usages: readonly Usage[];
  /** undefined: any. */
  readonly commonName: string | undefined;
}

export interface Measure {
  readonly trusted: readonly X509Certificate[];
  readonly now: number;
  /** A share of the lifetime, 0–1. */
  readonly renewAt: number;
  /** Milliseconds since the epoch: what was issued in a second before is due whatever is left of it. */
  readonly renewBefore?: number | undefined;
  /** Serials of certificates that are not to be taken any more. */
  readonly revoked?: ReadonlySet<string>;
}

/** The parts of a verdict about one certificate. */
interface Finding {
  wrong: string[];
  due: string[];
  notAfter: Date[];
  /** Something here comes from another CA. */
  foreign: boolean;
  /** No new certificate for the same key would mend it. */
  broken: boolean;
  /** CAs found here, or led to. */
  cas: X509Certificate[];
}

const usageIds: Readonly<Record<Usage, string>> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};
const anyUsage = "2.5.29.37.0";

/** Judge the certificates of a set, each a PEM text with its leaf first, and sum up. */
export function verdictOn(pair: ReadonlyMap<Requirement, string>, caPem: string, measure: Measure): TrustVerdict {
  const ca = judgeCa(caPem, measure);
  const leaves = [...pair].map(([need, pem]) => judgeLeaf(need, pem, measure));
  const findings = [ca, ...leaves];
  const wrong = findings.flatMap((finding) => finding.wrong);
  const due = findings.flatMap((finding) => finding.due);
  const ends = findings.flatMap((finding) => finding.notAfter).map((date) => date.getTime());
  return {
    state: findings.some(({ broken }) => broken)
      ? "wrong"
      : wrong.length > 0
        ? "outdated"
        : due.length > 0
          ? "renewal-due"
          : "ok",
    reasons: [...wrong, ...due],
    roots: fingerprintsOf(ca.cas),
    issuers: fingerprintsOf(leaves.flatMap(({ cas }) => cas)),
    foreignCa: findings.some((finding) => finding.foreign),
    notAfter: ends.length === 0 ? undefined : new Date(Math.min(...ends)).toISOString(),
  };
}

/** One CA more than the cluster's lets strangers in. While CAs change, not every host has all of them at every time. */
function judgeCa(pem: string, { trusted, now }: Measure): Finding {
  const finding = empty();
  const shown = readable(pem, "ca", finding);
  finding.cas.push(...shown);
  if (!trusted.some((ca) => contains(shown, ca))) {
    finding.broken = true;
    finding.wrong.push(
      ...trusted.map((ca) => `ca: ${commonNameOf(ca)}, which this cluster trusts, is not in the file`),
    );
  }
  for (const ca of shown) {
    finding.notAfter.push(validityOf(ca).notAfter);
    if (!contains(trusted, ca)) {
      finding.foreign = finding.broken = true;
      finding.wrong.push(`ca: ${commonNameOf(ca)} is in the file and not a CA of this cluster`);
    } else finding.wrong.push(...untimely(ca, now).map((reason) => `ca: ${reason}`));
  }
  return finding;
}

/** Everything wrong with one leaf. */
export function judgeLeaf(need: Requirement, pem: string, measure: Measure): Finding {
  const { trusted, now } = measure;
  const finding = empty();
  const [leaf, ...between] = readable(pem, need.what, finding);
  if (leaf === undefined) return finding;
  const { notAfter, notBefore } = validityOf(leaf);
  finding.notAfter.push(notAfter);
  const say = (reason: string): number => finding.wrong.push(`${need.what}: ${reason}`);
  const anchor = chainTo(trusted, leaf, between)?.at(-1);
  if (anchor !== undefined) finding.cas.push(anchor);
  else {
    finding.foreign = finding.broken = true;
    say(`does not lead to the cluster's CA; its issuer is ${issuerOf(leaf)}`);
  }
  if (need.commonName !== undefined && commonNameOf(leaf) !== need.commonName) {
    finding.broken = true; // whose it is cannot be told any more
    say(`its CN is ${commonNameOf(leaf)} instead of ${need.commonName}`);
  }
  if (measure.revoked?.has(leaf.serialNumber) === true) {
    finding.broken = true; // and its key with it
    say("is revoked");
  }
  missingUsages(leaf, need.usages).forEach((usage) => say(`lacks the extended key usage ${usage}`));
  missingNames(leaf, need.names).forEach((name) =>
    say(`${name} is not among its names (${leaf.subjectAltName ?? "none"})`),
  );
  const dates = untimely(leaf, now);
  dates.forEach(say);
  if (dates.length === 0 && isDue({ notBefore, notAfter }, measure)) {
    finding.due.push(`${need.what}: ${String(daysLeft(notAfter, now))} days left, until ${notAfter.toISOString()}`);
  }
  return finding;
}

/** A new certificate of a single day has this share left, being dated back a little. */
const longestShare = 0.99;

const isDue = (validity: Validity, { now, renewAt, renewBefore }: Measure): boolean =>
  shareLeft(validity, now) < Math.min(renewAt, longestShare) ||
  (renewBefore !== undefined && issuedAt(validity) < wholeSecond(renewBefore).getTime());

/** A certificate without extended key usages may be used for anything. */
export function missingUsages(certificate: X509Certificate, usages: readonly Usage[]): Usage[] {
  const allowed: readonly string[] | undefined = certificate.keyUsage;
  if (allowed === undefined || allowed.includes(anyUsage)) return [];
  return usages.filter((usage) => !allowed.includes(usageIds[usage]));
}

/** The wanted IP addresses and host names that a certificate does not cover; its CN does not count, as for Go. */
export function missingNames(certificate: X509Certificate, names: readonly string[]): string[] {
  return names.filter((name) => {
    if (isIP(name) !== 0) return certificate.checkIP(name) === undefined;
    return (
      !listedHosts(certificate).has(name.toLowerCase()) &&
      certificate.checkHost(name, { subject: "never" }) === undefined
    );
  });
}

/** Names word by word, so that a wildcard asked for is found as itself. */
const listedHosts = (certificate: X509Certificate): Set<string> =>
  new Set([...(certificate.subjectAltName ?? "").matchAll(/DNS:([^,"\s]+)/g)].map((match) => match[1]!.toLowerCase()));

/** Why a certificate is not valid at this instant; empty when it is. */
export function untimely(certificate: X509Certificate, now: number): string[] {
  const { notBefore, notAfter } = validityOf(certificate);
  if (now > notAfter.getTime()) return [`expired on ${notAfter.toISOString()}`];
  if (now < notBefore.getTime()) return [`is not valid before ${notBefore.toISOString()}`];
  return [];
}

const empty = (): Finding => ({ wrong: [], due: [], notAfter: [], foreign: false, broken: false, cas: [] });

const contains = (list: readonly X509Certificate[], one: X509Certificate): boolean =>
  list.some((other) => other.fingerprint256 === one.fingerprint256);

const issuerOf = (leaf: X509Certificate): string => leaf.issuer.trim().split("\n").at(-1) ?? "";

function readable(pem: string, what: string, finding: Finding): X509Certificate[] {
  try {
    return certificatesIn(pem, what);
  } catch (error) {
    if (!(error instanceof QuorateError)) throw error;
    finding.broken = true;
    finding.wrong.push(error.message);
    return [];
  }
}
