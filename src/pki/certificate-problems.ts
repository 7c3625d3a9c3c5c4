/** What can be wrong with any given certificate and its key. */
import type { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import { untimely } from "./judge.js";
import { commonNameOf, validityOf } from "./pem.js";
import { weaknesses } from "./weakness.js";

/** Dates and strength, of any certificate. */
export function generalProblems(file: string, certificate: X509Certificate, now: number): QuorateError[] {
  const who = `${file}: ${commonNameOf(certificate)}`;
  const { notBefore } = validityOf(certificate);
  const dates = untimely(certificate, now).map(
    (reason) =>
      new QuorateError(now < notBefore.getTime() ? "E_CERT_NOT_YET_VALID" : "E_CERT_EXPIRED", `${who} ${reason}`, {
        where: file,
        found: `this machine's clock says ${new Date(now).toISOString()}`,
      }),
  );
  const weak = weaknesses(certificate).map(
    (reason) => new QuorateError("E_CERT_WEAK", `${who} is too weak: ${reason}`, { where: file }),
  );
  return [...dates, ...weak];
}

export const mismatch = (keyFile: string, file: string): QuorateError =>
  new QuorateError("E_KEY_MISMATCH", `${keyFile}: is not the key of ${file}`, { where: keyFile });
