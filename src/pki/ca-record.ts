/**
 * What the operator's records know of CAs once there has been more than one: `pki/cas.json`, written as a whole. As long as
 * there is no such file, the CA that quorate's own client certificate came with is the first and only one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../durable-file.js";
import { hasCode, makeFolder } from "./files.js";

export interface CaRecord {
  /** Fingerprints, as in Anchors. */
  readonly first: readonly string[];
  readonly signing: readonly string[];
  /** All that is trusted, PEM. */
  readonly trusted: string;
}

/** At once, since every judgement of a host's certificates needs it. */
export function readCaRecord(folder: string): CaRecord | undefined {
  const text = textOf(join(folder, "cas.json"));
  return text === undefined ? undefined : (JSON.parse(text) as CaRecord);
}

export async function writeCaRecord(folder: string, record: CaRecord): Promise<void> {
  await makeFolder(folder);
  await replaceFile(join(folder, "cas.json"), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The CA file of quorate's own client set. */
export const clientsCa = (folder: string): string | undefined => textOf(join(folder, "client", "live", "ca.pem"));

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
