/** A CA file from outside. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import { generalProblems, mismatch } from "./certificate-problems.js";
import { chainTo, signs } from "./chain.js";
import { readTlsFile } from "./key-file.js";
import { certificatesIn, commonNameOf, subjectLine } from "./pem.js";
import { collect } from "./problems.js";

export interface CheckedCa {
  readonly pem: string;
  readonly certificates: readonly X509Certificate[];
  readonly problems: readonly QuorateError[];
}

/** The CA file alone, and with its key when there is one. */
export async function checkCa(file: string, now: number, key?: { file: string; key: KeyObject }): Promise<CheckedCa> {
  const problems: QuorateError[] = [];
  const pem = (await collect(problems, () => readTlsFile(file))) ?? "";
  const certificates = problems.length > 0 ? [] : ((await collect(problems, () => certificatesIn(pem, file))) ?? []);
  for (const certificate of certificates) {
    if (!certificate.ca) {
      problems.push(
        new QuorateError("E_CA_IS_LEAF", `${file}: ${commonNameOf(certificate)} is not a CA certificate`, {
          where: file,
          expected: "basic constraints CA:TRUE",
          found: `the subject ${subjectLine(certificate.subject)}, CA:FALSE`,
        }),
      );
      continue;
    }
    if (
      chainTo(selfSigned(certificates), certificate, certificates) === undefined &&
      !signs(certificate, certificate)
    ) {
      problems.push(
        new QuorateError(
          "E_CERT_CHAIN",
          `${file}: ${commonNameOf(certificate)} is an intermediate whose root is not in the file`,
          {
            where: file,
            expected: `also the certificate of ${subjectLine(certificate.issuer)}`,
          },
        ),
      );
    }
    problems.push(...generalProblems(file, certificate, now));
  }
  if (key !== undefined && certificates.length > 0 && !certificates.some((one) => one.checkPrivateKey(key.key))) {
    problems.push(mismatch(key.file, file));
  }
  return { pem, certificates, problems };
}

const selfSigned = (certificates: readonly X509Certificate[]): X509Certificate[] =>
  certificates.filter((certificate) => signs(certificate, certificate));
