/** Signatures and keys that etcd's TLS stack, or good sense, refuses. */
import type { X509Certificate } from "node:crypto";
import { describeKey } from "./keys.js";

/** DER content of the object identifiers of signature algorithms over SHA-1 and MD5. */
const weakSignatures: Readonly<Record<string, string>> = {
  "2a864886f70d010105": "sha1WithRSA",
  "2a8648ce3d0401": "ecdsa-with-SHA1",
  "2a864886f70d010104": "md5WithRSA",
};

/** Why a certificate is too weak, one phrase each. A root's own signature is not relied on and not judged. */
export function weaknesses(certificate: X509Certificate): string[] {
  const found: string[] = [];
  const key = certificate.publicKey;
  if (key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    found.push(`its key is ${describeKey(key)}, less than 2048 bits`);
  }
  const signature = weakSignatures[signatureId(certificate.raw)];
  if (signature !== undefined && certificate.subject !== certificate.issuer)
    found.push(`it is signed with ${signature}`);
  return found;
}

/** Certificate ::= SEQUENCE { tbs SEQUENCE, algorithm SEQUENCE { id, … }, … }: the id, as hex of its content. */
export function signatureId(der: Uint8Array): string {
  const outer = element(der, 0);
  const tbs = element(der, outer.start);
  const algorithm = element(der, tbs.end);
  const id = element(der, algorithm.start);
  return Buffer.from(der.subarray(id.start, id.end)).toString("hex");
}

/** Where the content of the DER element at an offset starts and ends. OpenSSL has parsed these bytes before us. */
function element(der: Uint8Array, offset: number): { start: number; end: number } {
  const first = der[offset + 1] ?? 0;
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  const length = der.subarray(offset + 2, offset + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start: offset + 2 + count, end: offset + 2 + count + length };
}
