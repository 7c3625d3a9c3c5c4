/** Makes certificates. Imports the X.509 library when called, not before. */
import { createHash, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type { TlsSpec } from "../spec/spec.js";
import type { SigningKey } from "./keys.js";
import { x509, type X509Library } from "./library.js";
import type { Profile, Usage } from "./profile.js";
import type { Validity } from "./validity.js";

/** Who signs. */
export interface Issuer {
  readonly certificate: string;
  readonly key: SigningKey;
}

type Subject = TlsSpec["subject"];
type Names = import("@peculiar/x509").Name;

const usageIds: Readonly<Record<Usage, string>> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** A self-signed CA that may sign leaves and nothing below them. PEM. */
export async function makeCa(request: {
  commonName: string;
  subject: Subject;
  publicKey: Uint8Array;
  key: SigningKey;
  validity: Validity;
}): Promise<string> {
  const library = await x509();
  const { KeyUsageFlags } = library;
  const { publicKey } = request;
  const subject = distinguishedName(library, request.subject, request.commonName);
  const certificate = await library.X509CertificateGenerator.create(
    {
      serialNumber: serial(),
      subject,
      issuer: subject,
      ...request.validity,
      publicKey,
      signingKey: request.key.key,
      signingAlgorithm: request.key.algorithm,
      extensions: [
        new library.BasicConstraintsExtension(true, 0, true),
        new library.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        new library.SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
      ],
    },
    webcrypto,
  );
  return pemOf(certificate);
}

/** A leaf for a profile, signed by the issuer. PEM, without the chain. */
export async function makeLeaf(request: {
  profile: Profile;
  subject: Subject;
  publicKey: Uint8Array;
  issuer: Issuer;
  validity: Validity;
}): Promise<string> {
  const library = await x509();
  const { profile, issuer, publicKey } = request;
  const signer = await signerOf(library, issuer);
  const certificate = await library.X509CertificateGenerator.create(
    {
      serialNumber: serial(),
      subject: distinguishedName(library, request.subject, profile.commonName, profile.organizations),
      issuer: signer.name,
      ...request.validity,
      publicKey,
      signingKey: issuer.key.key,
      signingAlgorithm: issuer.key.algorithm,
      extensions: [
        new library.BasicConstraintsExtension(false, undefined, true),
        keyUsage(library, publicKey),
        new library.ExtendedKeyUsageExtension(profile.usages.map((usage) => usageIds[usage])),
        ...alternativeNames(library, profile.names),
        new library.SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
        new library.AuthorityKeyIdentifierExtension(signer.keyId),
      ],
    },
    webcrypto,
  );
  return pemOf(certificate);
}

/** keyEncipherment concerns RSA keys only; cfssl sets it on all. */
function keyUsage(library: X509Library, publicKey: Uint8Array): import("@peculiar/x509").Extension {
  const { digitalSignature, keyEncipherment } = library.KeyUsageFlags;
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  const rsa = key.asymmetricKeyType === "rsa";
  return new library.KeyUsagesExtension(rsa ? digitalSignature | keyEncipherment : digitalSignature, true);
}

function alternativeNames(library: X509Library, names: readonly string[]): import("@peculiar/x509").Extension[] {
  if (names.length === 0) return [];
  const items = names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value }));
  return [new library.SubjectAlternativeNameExtension(items)];
}

/** The identifier of a key of ours: 160 bits of a digest over the whole public key (RFC 7093 §2, method 4). */
const keyIdentifier = (publicKey: Uint8Array): string =>
  createHash("sha256").update(publicKey).digest("hex").slice(0, 40);

interface ParsedIssuer {
  readonly name: Names;
  readonly keyId: string;
}

const parsed = new WeakMap<Issuer, Promise<ParsedIssuer>>();

/** The issuer's name as it is written in its certificate, and its own identifier, which need not be made like ours. */
function signerOf(library: X509Library, issuer: Issuer): Promise<ParsedIssuer> {
  const parse = async (): Promise<ParsedIssuer> => {
    const certificate = new library.X509Certificate(issuer.certificate);
    const own = certificate.getExtension(library.SubjectKeyIdentifierExtension)?.keyId;
    const derived = async (): Promise<string> =>
      Buffer.from(await certificate.publicKey.getKeyIdentifier(webcrypto)).toString("hex");
    return { name: certificate.subjectName, keyId: own ?? (await derived()) };
  };
  const known = parsed.get(issuer) ?? parse();
  parsed.set(issuer, known);
  return known;
}

/** In cfssl's order. Values are given with their string type, so that none is read as an escape. */
function distinguishedName(
  library: X509Library,
  subject: Subject,
  commonName: string,
  organizations?: readonly string[],
): Names {
  const { C, ST, L, O, OU } = subject;
  const parts: [string, string | undefined][] = [
    ["C", C],
    ["ST", ST],
    ["L", L],
    ...(organizations ?? [O]).map((value): [string, string | undefined] => ["O", value]),
    ["OU", OU],
    ["CN", commonName],
  ];
  return new library.Name(
    parts.flatMap(([type, value]) =>
      value === undefined || value === "" ? [] : [{ [type]: [directoryString(library, value)] }],
    ),
  );
}

const directoryString = (library: X509Library, value: string): { printableString: string } | { utf8String: string } =>
  library.Name.isPrintableString(value) ? { printableString: value } : { utf8String: value };

/** 18 random bytes, positive and without a leading zero byte. */
function serial(): string {
  const bytes = randomBytes(18);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString("hex");
}

const pemOf = (certificate: import("@peculiar/x509").X509Certificate): string =>
  `${certificate.toString("pem").trim()}\n`;
