/** A CA that the operator already has, such as the tutorial's Kubernetes CA: used as it is, never written to. */
import { readFileSync, existsSync } from "node:fs";
import type { AuthorityOptions, Ca, Signer } from "./ca.js";
import { nowOf } from "./ca.js";
import { checkCa } from "./check-ca.js";
import { caKey, demandPrivate, readKeyFile, readTlsFile } from "./key-file.js";
import { signingKey } from "./keys.js";
import { keyAbsent } from "./own-ca.js";
import { validityOf } from "./pem.js";
import { throwAny } from "./problems.js";

/** Absolute paths. */
export function givenCa(given: { cert: string; key: string | undefined }, options: AuthorityOptions): Ca {
  let signer: Promise<Signer> | undefined;

  async function open(): Promise<Signer> {
    if (given.key === undefined) throw keyAbsent(given.cert, undefined);
    await demandPrivate(given.key, "ca");
    const key = await caKey(await readKeyFile(given.key), given.key, options.passphrase);
    const checked = await checkCa(given.cert, nowOf(options), { file: given.key, key });
    throwAny(checked.problems);
    const certificate = checked.certificates.find((candidate) => candidate.checkPrivateKey(key));
    if (certificate === undefined) throw keyAbsent(given.cert, given.key);
    return {
      trusted: checked.pem,
      certificate: certificate.toString(),
      key: await signingKey(key, given.key),
      validity: validityOf(certificate),
    };
  }

  return {
    file: given.cert,
    trusted: () => readTlsFile(given.cert),
    trustedNow: () => (existsSync(given.cert) ? readFileSync(given.cert, "utf8") : undefined),
    canSign: () => given.key !== undefined,
    signer: () =>
      (signer ??= open().catch((error: unknown) => {
        signer = undefined;
        throw error;
      })),
  };
}
