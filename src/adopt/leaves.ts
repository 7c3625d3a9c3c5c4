/** The certificates that members use, read from their files. Pure. */
import type { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import { certificatesIn } from "../pki/pem.js";
import { valueOf, type Found } from "./found.js";

export type Role = "client" | "peer";

/** --cert-file and --peer-cert-file. */
const leafFlags = { client: "cert-file", peer: "peer-cert-file" } as const;
const anchorFlags = { client: "trusted-ca-file", peer: "peer-trusted-ca-file" } as const;
const keyFlags = { client: "key-file", peer: "peer-key-file" } as const;

export const leafPathOf = (member: Found, role: Role): string | undefined => valueOf(member.flags, leafFlags[role]);
export const anchorPathOf = (member: Found, role: Role): string | undefined => valueOf(member.flags, anchorFlags[role]);
/** etcd looks for a key in the certificate's file when none is named. */
export const keyPathOf = (member: Found, role: Role): string | undefined =>
  valueOf(member.flags, keyFlags[role]) ?? leafPathOf(member, role);

/** The leaf that a listener shows; undefined when its file could not be read. */
export const leafOf = (member: Found, role: Role): X509Certificate | undefined =>
  readable(member, leafPathOf(member, role))[0];

/** The CAs that a listener accepts certificates of. */
export const anchorsOf = (member: Found, role: Role): X509Certificate[] => readable(member, anchorPathOf(member, role));

export const fingerprints = (certificates: readonly X509Certificate[]): string =>
  certificates
    .map(({ fingerprint256 }) => fingerprint256)
    .sort()
    .join(" ");

function readable({ certificates }: Found, path: string | undefined): X509Certificate[] {
  const text = path === undefined ? undefined : certificates[path];
  if (text === undefined || path === undefined) return [];
  try {
    return certificatesIn(text, path);
  } catch (error) {
    if (error instanceof QuorateError) return [];
    throw error;
  }
}
