/**
 * The CA key under a passphrase: PKCS#8 with PBES2, scrypt and AES-256-CBC (RFC 5958, 8018, 7914), the form that
 * `openssl pkey -in ca-key.pem` opens. Node can read it but writes only a weak PBKDF2, so the few fields are put
 * together here; reading is left to OpenSSL.
 */
import { createCipheriv, createPrivateKey, randomBytes, scrypt, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
  options: { N: number; r: number; p: number },
) => Promise<Buffer>;

/** The most that OpenSSL's own memory limit of 32 MiB lets it read back; p makes up for the rest. */
const cost = { N: 16_384, r: 8, p: 5 };

/** PEM `ENCRYPTED PRIVATE KEY`. */
export async function encryptKey(key: KeyObject, passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", await derive(passphrase, salt, 32, cost), iv);
  const plain = key.export({ type: "pkcs8", format: "der" });
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const derivation = sequence(
    objectId("2b06010401da47040b"), // 1.3.6.1.4.1.11591.4.11 scrypt
    sequence(field(0x04, salt), integer(cost.N), integer(cost.r), integer(cost.p)),
  );
  const encryption = sequence(objectId("60864801650304012a"), field(0x04, iv)); // aes256-CBC
  const scheme = sequence(objectId("2a864886f70d01050d"), sequence(derivation, encryption)); // PBES2
  return pem("ENCRYPTED PRIVATE KEY", sequence(scheme, field(0x04, sealed)));
}

export const isEncrypted = (text: string): boolean =>
  text.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.includes("Proc-Type: 4,ENCRYPTED");

/** The key, or undefined when the passphrase is wrong. */
export function decryptKey(text: string, passphrase: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: text, passphrase });
  } catch {
    return undefined;
  }
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function field(tag: number, content: Uint8Array): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Uint8Array[]): Buffer => field(0x30, Buffer.concat(parts));
const objectId = (hex: string): Buffer => field(0x06, Buffer.from(hex, "hex"));

/** A small non-negative INTEGER; a leading zero byte keeps it from reading as negative. */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return field(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}
