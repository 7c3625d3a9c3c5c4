import type { X509Certificate } from "node:crypto";
import { certificatesIn } from "./pem.js";

/** Enough of a fingerprint to tell the CAs of one cluster apart: 12 hex digits. */
export const fingerprintOf = ({ fingerprint256 }: X509Certificate): string =>
  fingerprint256.replaceAll(":", "").slice(0, 12).toLowerCase();

/** Sorted, each once. */
export const fingerprintsOf = (certificates: readonly X509Certificate[]): string[] =>
  [...new Set(certificates.map(fingerprintOf))].sort();

/** One PEM text with each certificate once, in order. @throws QuorateError E_PEM */
export function joinPem(texts: readonly string[], where: string): string {
  const seen = new Set<string>();
  const kept = texts
    .flatMap((text) => certificatesIn(text, where))
    .filter((certificate) => !seen.has(certificate.fingerprint256) && seen.add(certificate.fingerprint256));
  return kept.map((certificate) => certificate.toString()).join("");
}
