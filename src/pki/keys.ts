import { createPrivateKey, generateKeyPair, webcrypto, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { QuorateError, invariant } from "../errors.js";
import type { KeyAlgorithm } from "../spec/spec.js";

const generate = promisify(generateKeyPair);

export interface KeyMaterial {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** A fresh key pair, made off the main thread. */
export async function makeKey(algorithm: KeyAlgorithm): Promise<KeyMaterial> {
  const { publicKey, privateKey } = await pair(algorithm);
  return { publicKey: new Uint8Array(publicKey.export({ type: "spki", format: "der" })), privateKey };
}

function pair(algorithm: KeyAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (algorithm) {
    case "ecdsa-p256":
      return generate("ec", { namedCurve: "P-256" });
    case "ecdsa-p384":
      return generate("ec", { namedCurve: "P-384" });
    case "ed25519":
      return generate("ed25519");
    case "rsa-2048":
    case "rsa-3072":
    case "rsa-4096":
      return generate("rsa", { modulusLength: Number(algorithm.slice("rsa-".length)) });
  }
}

/** PKCS#8 PEM, unencrypted: what etcd reads. */
export const keyPem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

/** A private key as the X.509 library signs with it. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string };
}

/** @throws QuorateError E_KEY_KIND for a key that quorate cannot sign with. */
export async function signingKey(key: KeyObject, where: string): Promise<SigningKey> {
  const algorithm = signatureAlgorithm(key, where);
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  return { key: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]), algorithm };
}

const curves: Readonly<Record<string, { namedCurve: string; hash: string }>> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

function signatureAlgorithm(key: KeyObject, where: string): SigningKey["algorithm"] {
  const kind = key.asymmetricKeyType;
  if (kind === "ed25519") return { name: "Ed25519" };
  if (kind === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (kind === "ec" && curve !== undefined) return { name: "ECDSA", ...curve };
  throw new QuorateError("E_KEY_KIND", `${where}: quorate cannot sign with this kind of key`, {
    where,
    expected: "RSA, ECDSA P-256, P-384 or P-521, or Ed25519",
    found: describeKey(key),
  });
}

/** For people: "ECDSA P-256", "RSA 2048", "Ed25519". */
export function describeKey(key: KeyObject): string {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case "rsa":
      return `RSA ${String(details?.modulusLength)}`;
    case "ec":
      return `ECDSA ${curves[details?.namedCurve ?? ""]?.namedCurve ?? details?.namedCurve ?? ""}`.trimEnd();
    case "ed25519":
      return "Ed25519";
    default:
      return key.asymmetricKeyType ?? key.type;
  }
}

/** The private key in a PEM of ours, which is known to be plain PKCS#8. */
export function ownKey(pem: string): KeyObject {
  invariant(!pem.includes("ENCRYPTED"), "a plain key was expected");
  return createPrivateKey(pem);
}
