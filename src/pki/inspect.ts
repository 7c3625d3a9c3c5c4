/** Certificates as people and scripts want to see them. */
import type { X509Certificate } from "node:crypto";
import { isIPv6 } from "node:net";
import { describeKey } from "./keys.js";
import { certificatesIn, subjectLine, validityOf } from "./pem.js";
import { daysLeft } from "./validity.js";

export interface CertificateFacts {
  /** "C=JP, O=k8s, CN=etcd". */
  readonly subject: string;
  readonly issuer: string;
  /** Hex, upper case. */
  readonly serial: string;
  /** "10.64.3.7", "localhost", without their kinds. */
  readonly sans: readonly string[];
  /** Extended key usages: "serverAuth", "clientAuth", others by their object identifier. Empty: any. */
  readonly usages: readonly string[];
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days; negative when it has expired. */
  readonly daysLeft: number;
  /** "ECDSA P-256", "RSA 2048", "Ed25519". */
  readonly key: string;
  /** SHA-256, colon-separated hex. */
  readonly fingerprint: string;
  readonly isCA: boolean;
}

const usageNames: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
};

/** The facts of every certificate in a PEM text, in order. @throws QuorateError E_PEM */
export const inspectPem = (pem: string, where = "the certificate", now: number = Date.now()): CertificateFacts[] =>
  certificatesIn(pem, where).map((certificate) => factsOf(certificate, now));

export function factsOf(certificate: X509Certificate, now: number): CertificateFacts {
  const { notBefore, notAfter } = validityOf(certificate);
  const usages: readonly string[] = certificate.keyUsage ?? [];
  return {
    subject: subjectLine(certificate.subject),
    issuer: subjectLine(certificate.issuer),
    serial: certificate.serialNumber,
    sans: alternativeNames(certificate),
    usages: usages.map((id) => usageNames[id] ?? id),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft: daysLeft(notAfter, now),
    key: describeKey(certificate.publicKey),
    fingerprint: certificate.fingerprint256,
    isCA: certificate.ca,
  };
}

/** Node gives `DNS:a, IP Address:0:0:0:0:0:0:0:1`, and JSON text for a name with odd characters. */
function alternativeNames(certificate: X509Certificate): string[] {
  const entries = (certificate.subjectAltName ?? "").matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...entries].map(([, kind, value]) => {
    const text = value!.startsWith('"') ? String(JSON.parse(value!)) : value!;
    return kind === "IP Address" && isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  });
}
