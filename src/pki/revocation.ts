/** Certificate revocation lists, as DER: what every etcd from 3.6 on reads, and those before it too. */
import { X509Certificate, webcrypto } from "node:crypto";
import type { Ca } from "./ca.js";
import { x509 } from "./library.js";
import type { Reason } from "./revocation-record.js";

export interface Revoked {
  /** Hex, as in CertificateFacts. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason?: Reason;
}

const codes = { unspecified: 0, "key-compromise": 1, superseded: 4, cessation: 5, withdrawn: 9 } as const;

const day = 24 * 60 * 60 * 1000;

/**
 * The list of revoked certificates, signed by the CA.
 * @param number grows with every list of this CA
 * @param days until the next list is due; etcd does not enforce it
 */
export async function revocationList(
  ca: Ca,
  revoked: readonly Revoked[],
  { now, days, number }: { now: number; days: number; number: number },
): Promise<Uint8Array> {
  const [library, signer] = await Promise.all([x509(), ca.signer()]);
  const issuer = new library.X509Certificate(signer.certificate);
  const keyId = issuer.getExtension(library.SubjectKeyIdentifierExtension)?.keyId;
  const list = await library.X509CrlGenerator.create(
    {
      issuer: issuer.subjectName,
      thisUpdate: new Date(now),
      nextUpdate: new Date(now + days * day),
      signingAlgorithm: signer.key.algorithm,
      signingKey: signer.key.key,
      // Left out where nothing is said, as RFC 5280 wants it (5.3.1).
      entries: revoked.map(({ serial, at, reason = "unspecified" }) => ({
        ...{ serialNumber: serial, revocationDate: new Date(at) },
        ...(reason !== "unspecified" && { reason: codes[reason] }),
      })),
      extensions: [
        new library.Extension("2.5.29.20", false, crlNumber(number)),
        ...(keyId === undefined ? [] : [new library.AuthorityKeyIdentifierExtension(keyId)]),
      ],
    },
    webcrypto,
  );
  return new Uint8Array(list.rawData);
}

/** The DER INTEGER of a CRL number, at most 6 bytes long. */
function crlNumber(number: number): Uint8Array {
  const bytes = Buffer.alloc(7);
  bytes.writeUIntBE(number, 1, 6);
  let start = 0;
  while (start < 6 && bytes[start] === 0 && bytes[start + 1]! < 0x80) start += 1;
  return Buffer.concat([Buffer.from([0x02, 7 - start]), bytes.subarray(start)]);
}

/** The serial of a PEM certificate, as a revocation list wants it. */
export const serialOf = (pem: string): string => new X509Certificate(pem).serialNumber;
