/** The cluster's own CA: made at first use, kept in ca.pem and ca-key.pem, never copied anywhere. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions, type Ca, type Signer } from "./ca.js";
import { encryptKey } from "./encrypted-key.js";
import { makeFolder, readIfThere, sweep, writeOnce } from "./files.js";
import { caKey, demandPrivate } from "./key-file.js";
import { keyPem, makeKey, signingKey } from "./keys.js";
import { warm } from "./library.js";
import { caCommonName } from "./names.js";
import { certificatesIn, validityOf } from "./pem.js";
import { revealed } from "./secret.js";
import { demandWithin, validityFor } from "./validity.js";

/** How many own CAs there are, one after the other. The first is ca.pem, the next ca-2.pem. */
export function ownCaCount(folder: string): number {
  let count = 0;
  while (existsSync(join(folder, caFiles(count + 1).file))) count += 1;
  return count;
}

const caFiles = (index: number): { file: string; key: string } =>
  index === 1 ? { file: "ca.pem", key: "ca-key.pem" } : { file: `ca-${index}.pem`, key: `ca-${index}-key.pem` };

/**
 * @param folder absolute; made with mode 0700 when the CA is
 * @param index which of them, from 1; the newest unless told
 */
export function ownCa(
  spec: Spec,
  tls: TlsSpec,
  folder: string,
  options: AuthorityOptions,
  index = Math.max(1, ownCaCount(folder)),
): Ca {
  const file = join(folder, caFiles(index).file);
  const keyFile = join(folder, caFiles(index).key);
  let signer: Promise<Signer> | undefined;

  /**
   * Key first, certificate second, each written only if there is none yet. So two processes at once, or one killed
   * between the two, still end with one key and one certificate that fits it.
   */
  async function open(): Promise<Signer> {
    const [storedCa, storedKey] = await Promise.all([readIfThere(file), readIfThere(keyFile)]);
    if (storedKey === undefined && storedCa !== undefined) throw keyAbsent(file, keyFile);
    const key = storedKey === undefined ? await makeCaKey() : await openKey(storedKey);
    const trusted = storedCa ?? (await writeOnce(file, await certify(key)));
    const certificate = certificatesIn(trusted, file).find((candidate) => candidate.checkPrivateKey(key));
    if (certificate === undefined) {
      throw new QuorateError("E_KEY_MISMATCH", `${keyFile}: is not the key of ${file}`, { where: keyFile });
    }
    await sweep(folder);
    return {
      trusted,
      certificate: certificate.toString(),
      key: await signingKey(key, keyFile),
      validity: validityOf(certificate),
    };
  }

  async function makeCaKey(): Promise<KeyObject> {
    void warm();
    await makeFolder(folder);
    const passphrase = revealed(await options.passphrase?.("protect"));
    const { privateKey } = await makeKey(tls.algorithm);
    const text = passphrase === undefined ? keyPem(privateKey) : await encryptKey(privateKey, passphrase);
    const stored = await writeOnce(keyFile, text);
    return stored === text ? privateKey : openKey(stored);
  }

  async function openKey(pem: string): Promise<KeyObject> {
    await demandPrivate(keyFile, "ca");
    return caKey(pem, keyFile, options.passphrase);
  }

  async function certify(key: KeyObject): Promise<string> {
    const now = nowOf(options);
    const validity = validityFor(tls.caDays, now);
    demandWithin(validity, tls.leafDays, now, "tls: the certificates' lifetime");
    const { makeCa } = await import("./certificate.js");
    return makeCa({
      commonName: caCommonName(spec.name, index),
      subject: tls.subject,
      publicKey: new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" })),
      key: await signingKey(key, keyFile),
      validity,
    });
  }

  return {
    file,
    trusted: () => readIfThere(file),
    trustedNow: () => (existsSync(file) ? readFileSync(file, "utf8") : undefined),
    canSign: () => existsSync(keyFile) || !existsSync(file),
    signer: () =>
      (signer ??= open().catch((error: unknown) => {
        signer = undefined;
        throw error;
      })),
  };
}

/** The CA is known, its key is not here. */
export const keyAbsent = (file: string, keyFile: string | undefined): QuorateError =>
  new QuorateError("E_CA_KEY_ABSENT", `${file}: the CA's key is not here, so nothing can be signed`, {
    where: keyFile ?? file,
    ...(keyFile === undefined ? {} : { expected: `the key in ${keyFile}` }),
  });
