import type { X509Certificate } from "node:crypto";

/** Chains longer than this are not built: no cluster has them. */
const longest = 8;

/**
 * The way from a leaf to one of the trusted certificates, leaf first; undefined when there is none. Signatures are
 * verified, dates are not: an expired certificate still has a chain, and its reason is its own.
 */
export function chainTo(
  trusted: readonly X509Certificate[],
  leaf: X509Certificate,
  between: readonly X509Certificate[],
): X509Certificate[] | undefined {
  return extend([leaf], trusted, between);
}

function extend(
  chain: X509Certificate[],
  trusted: readonly X509Certificate[],
  between: readonly X509Certificate[],
): X509Certificate[] | undefined {
  const last = chain.at(-1);
  if (last === undefined || chain.length > longest) return undefined;
  const anchor = trusted.find((candidate) => signs(candidate, last));
  if (anchor !== undefined) return [...chain, anchor];
  for (const candidate of between) {
    if (chain.some((used) => used.fingerprint256 === candidate.fingerprint256) || !signs(candidate, last)) continue;
    const whole = extend([...chain, candidate], trusted, between);
    if (whole !== undefined) return whole;
  }
  return undefined;
}

/** Whether the first really signed the second and was allowed to. */
export function signs(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
