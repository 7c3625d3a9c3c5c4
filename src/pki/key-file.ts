/** Private keys in files: of ours, of cfssl (SEC1, PKCS#1), of anybody. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { QuorateError } from "../errors.js";
import { decryptKey, isEncrypted } from "./encrypted-key.js";
import { firstLabel } from "./pem.js";
import { revealed, type AskPassphrase } from "./secret.js";

/** @throws QuorateError E_TLS_FILE */
export function readTlsFile(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => unreadable(path, cause));
}

function unreadable(path: string, cause: unknown): never {
  const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  throw new QuorateError("E_TLS_FILE", `${path}: cannot be read (${found})`, { where: path, found, cause });
}

/**
 * The text of a key file. cfssl labels PKCS#8 of an Ed25519 key in its own way, which Go reads and OpenSSL does not.
 * @throws QuorateError E_TLS_FILE
 */
export async function readKeyFile(path: string): Promise<string> {
  return (await readTlsFile(path)).replace(/-----(BEGIN|END) Ed25519 PRIVATE KEY-----/g, "-----$1 PRIVATE KEY-----");
}

/** The CA's key. @throws QuorateError E_CA_PASSPHRASE, E_PEM */
export async function caKey(pem: string, path: string, ask: AskPassphrase | undefined): Promise<KeyObject> {
  if (!isEncrypted(pem)) return plainKey(pem, path);
  const passphrase = revealed(await ask?.("unlock"));
  if (passphrase === undefined) {
    throw new QuorateError("E_CA_PASSPHRASE", `${path}: is encrypted and no passphrase was given`, { where: path });
  }
  const key = decryptKey(pem, passphrase);
  if (key === undefined) {
    throw new QuorateError("E_CA_PASSPHRASE", `${path}: the passphrase does not open it`, { where: path });
  }
  return key;
}

/** A key that must not need a passphrase: etcd has nobody to ask. @throws QuorateError E_KEY_ENCRYPTED, E_PEM */
export function plainKey(pem: string, path: string): KeyObject {
  if (isEncrypted(pem)) {
    throw new QuorateError("E_KEY_ENCRYPTED", `${path}: is encrypted, and etcd reads only plain keys`, { where: path });
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new QuorateError("E_PEM", `${path}: holds no private key that can be read`, {
      where: path,
      expected: "PEM: PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY",
      found: firstLabel(pem),
      cause,
    });
  }
}

/** The group may read a leaf's key (root:etcd 0640 is common); nobody but the owner has to do with the CA's. */
const forbiddenBits = { ca: 0o077, leaf: 0o007 } as const;

/** @throws QuorateError E_KEY_MODE, E_TLS_FILE */
export async function demandPrivate(path: string, kind: keyof typeof forbiddenBits): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => unreadable(path, cause));
  if ((found.mode & forbiddenBits[kind]) === 0) return;
  throw new QuorateError("E_KEY_MODE", `${path}: this key can be read by others`, {
    where: path,
    expected: kind === "ca" ? "0600" : "0600 or 0640",
    found: `0${(found.mode & 0o777).toString(8)}`,
    next: `chmod 0600 ${path}`,
  });
}
