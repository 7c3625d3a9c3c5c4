/** What the operator's records know of revoked certificates: `pki/revoked.json`, written as a whole. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../durable-file.js";
import { hasCode, makeFolder } from "./files.js";

/** RFC 5280's words, as far as they fit a certificate of etcd's. */
export const reasons = ["unspecified", "key-compromise", "superseded", "cessation", "withdrawn"] as const;
export type Reason = (typeof reasons)[number];

export interface RevokedCertificate {
  /** Hex, as Node writes it: upper case. */
  readonly serial: string;
  /** Whose it is, in the operator's words. */
  readonly name: string;
  readonly reason: Reason;
  /** ISO 8601. */
  readonly at: string;
  /** When it ends by itself (ISO 8601), and need be told of no more; absent when that is not known. */
  readonly ends?: string;
}

/** The newest list; its text is in `revoked.crl`. */
export interface ListRecord {
  readonly number: number;
  readonly sha256: string;
  /** CA that signed it, as in Anchors. */
  readonly signer: string;
  readonly serials: readonly string[];
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
}

export interface RevocationRecord {
  readonly revoked: readonly RevokedCertificate[];
  readonly list?: ListRecord;
  /** SHA-256 of lists before it, newest last: a host that was away may have one of them. */
  readonly before: readonly string[];
}

const nothing: RevocationRecord = { revoked: [], before: [] };

/** At once, since every judgement of a host's certificates needs it. */
export function readRevocations(folder: string): RevocationRecord {
  try {
    return JSON.parse(readFileSync(join(folder, "revoked.json"), "utf8")) as RevocationRecord;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return nothing;
    throw error;
  }
}

export async function writeRevocations(folder: string, record: RevocationRecord): Promise<void> {
  await makeFolder(folder);
  await replaceFile(join(folder, "revoked.json"), `${JSON.stringify(record, undefined, 2)}\n`);
}

export const listFile = (folder: string): string => join(folder, "revoked.crl");

/** Serials that nobody is to take any more. */
export const revokedSerials = (folder: string): ReadonlySet<string> =>
  new Set(readRevocations(folder).revoked.map(({ serial }) => serial));
