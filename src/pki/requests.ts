/** Certificate signing requests, for keys that stay on the host they were made on. */
import { createPublicKey, webcrypto } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { KeyAlgorithm } from "../spec/spec.js";
import { describeKey, keyPem, makeKey, signingKey } from "./keys.js";
import { x509 } from "./library.js";

/**
 * The public key that a PEM request is for, as SubjectPublicKeyInfo DER. The sender must own it: the request's own
 * signature is verified. Names and extensions in it are ignored: a host does not choose who it is.
 * @throws QuorateError E_CSR, E_CERT_WEAK
 */
export async function readRequest(pem: string, where: string): Promise<Uint8Array> {
  const library = await x509();
  let publicKey: Uint8Array;
  let genuine: boolean;
  try {
    const request = new library.Pkcs10CertificateRequest(pem);
    publicKey = new Uint8Array(request.publicKey.rawData);
    genuine = await request.verify(webcrypto);
  } catch (cause) {
    throw new QuorateError("E_CSR", `${where}: cannot be read`, {
      where,
      expected: "PEM with -----BEGIN CERTIFICATE REQUEST-----, for an RSA, ECDSA or Ed25519 key",
      cause,
    });
  }
  if (!genuine) {
    throw new QuorateError("E_CSR", `${where}: its signature is not by the key it names`, { where });
  }
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  if (key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new QuorateError("E_CERT_WEAK", `${where}: is for a key of less than 2048 bits`, {
      where,
      found: describeKey(key),
    });
  }
  return publicKey;
}

/** A request and the key it is for, both PEM. */
export async function makeRequest(
  algorithm: KeyAlgorithm,
  commonName: string,
): Promise<{ request: string; key: string }> {
  const [library, { publicKey, privateKey }] = await Promise.all([x509(), makeKey(algorithm)]);
  const signer = await signingKey(privateKey, "a new key");
  const verifier = await webcrypto.subtle.importKey("spki", publicKey, signer.algorithm, true, ["verify"]);
  const request = await library.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [commonName] }],
      signingAlgorithm: signer.algorithm,
      keys: { privateKey: signer.key, publicKey: verifier },
    },
    webcrypto,
  );
  return { request: `${request.toString("pem").trim()}\n`, key: keyPem(privateKey) };
}
