/** Reading PEM with what Node has built in: fast enough for every run. */
import { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";

const block = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * All certificates of a PEM text, in order; text between them is allowed, as openssl writes it.
 * @throws QuorateError E_PEM when there is none or one cannot be read
 */
export function certificatesIn(pem: string, where: string): X509Certificate[] {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) {
    throw new QuorateError("E_PEM", `${where}: holds no certificate`, {
      where,
      expected: "PEM with -----BEGIN CERTIFICATE-----",
      found: firstLabel(pem),
    });
  }
  return blocks.map((text, index) => parse(text, where, index + 1));
}

/** The same few are looked at again and again in one run, and reading one takes longer than all that is asked of it. */
const read = new Map<string, X509Certificate>();
const mostKept = 256;

function parse(text: string, where: string, position: number): X509Certificate {
  const known = read.get(text);
  if (known !== undefined) return known;
  try {
    const certificate = new X509Certificate(text);
    if (read.size >= mostKept) read.clear();
    read.set(text, certificate);
    return certificate;
  } catch (cause) {
    throw new QuorateError("E_PEM", `${where}: certificate number ${String(position)} in it cannot be read`, {
      where,
      expected: "PEM with -----BEGIN CERTIFICATE-----",
      cause,
    });
  }
}

/** What a file seems to be, without quoting its content: it may be a secret. */
export function firstLabel(text: string): string {
  if (text.trim() === "") return "an empty file";
  const label = /-----BEGIN ([A-Za-z0-9 ]+)-----/.exec(text)?.[1];
  return label === undefined ? "no PEM at all" : `a PEM block of kind ${label}`;
}

/** The certificate's validity as dates. */
export const validityOf = (certificate: X509Certificate): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(certificate.validFrom),
  notAfter: new Date(certificate.validTo),
});

/** The CN of the subject, or the whole subject on one line when there is none. */
export const commonNameOf = (certificate: X509Certificate): string =>
  /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? subjectLine(certificate.subject);

/** "C=JP, O=k8s, CN=etcd" from Node's one line per field. */
export const subjectLine = (subject: string | undefined): string => (subject ?? "").trim().split("\n").join(", ");
