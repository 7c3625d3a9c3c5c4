/** SHA-256 digests: of files, and of what SHA256SUMS says about them. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { QuorateError } from "../errors.js";

/** Lower-case hex SHA-256 and size in bytes of a file. */
export async function digestOf(file: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest("hex"), size };
}

/** What a digest is compared with, and who said so. */
export interface Expected {
  readonly sha256: string;
  readonly by: string;
}

/** @throws QuorateError E_RELEASE_DIGEST naming both digests. */
export function requireDigest(name: string, found: string, expected: Expected): void {
  if (found === expected.sha256) return;
  throw new QuorateError("E_RELEASE_DIGEST", `${name} is not the file that ${expected.by} names`, {
    where: name,
    expected: `SHA-256 ${expected.sha256} (${expected.by})`,
    found: `SHA-256 ${found}`,
  });
}

/**
 * Reads the format of `shasum -a 256`: lines of hex, two blanks (or blank and star), file name. Other lines are
 * ignored.
 */
export function parseChecksums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^([0-9a-fA-F]{64}) [ *](?:\.\/)?(\S+)$/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) sums.set(found[2], found[1].toLowerCase());
  }
  return sums;
}
