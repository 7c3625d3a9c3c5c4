/**
 * Digests of large files, computed once for as long as nothing shows that a file was touched: hashing the binaries of a
 * release takes a quarter of a second. This spares the search for damage at every run, not the proof: what a host gets
 * over a network is compared there with the digest that the release was kept with.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "./digest.js";

export interface FileDigest {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Milliseconds after a write in which another one may leave the same time on the file. */
const settling = 1_000;

/**
 * @param root quorate's cache folder
 * @param linked the file gets hard links, which change the time of its inode; else that time counts too, and no program
 * can set it back
 * @throws what reading the file throws
 */
export async function seenDigestOf(root: string, file: string, linked: boolean): Promise<FileDigest> {
  const before = await stampOf(file, linked);
  const seen = await recall(root, file);
  if (seen?.stamp === before.text) return { sha256: seen.sha256, size: before.size };
  const digest = await digestOf(file);
  const after = await stampOf(file, linked);
  if (after.text === before.text && Date.now() - after.written > settling)
    await remember(root, file, { stamp: after.text, sha256: digest.sha256 });
  return digest;
}

interface Seen {
  readonly stamp: string;
  readonly sha256: string;
}

async function stampOf(file: string, linked: boolean): Promise<{ text: string; size: number; written: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs } = await stat(file, { bigint: true });
  const parts = [dev, ino, size, mtimeNs, ...(linked ? [] : [ctimeNs])];
  return { text: parts.join(" "), size: Number(size), written: Number(mtimeMs) };
}

const folderOf = (root: string): string => join(root, "digests");

const recordOf = (root: string, file: string): string =>
  join(folderOf(root), `${createHash("sha256").update(file).digest("hex").slice(0, 24)}.json`);

/** Only what nobody else can have written counts. */
async function recall(root: string, file: string): Promise<Seen | undefined> {
  try {
    const { mode, uid } = await stat(folderOf(root));
    if ((mode & 0o022) !== 0 || uid !== (process.getuid?.() ?? uid)) return undefined;
    const { stamp, sha256 } = JSON.parse(await readFile(recordOf(root, file), "utf8")) as Record<string, unknown>;
    return typeof stamp === "string" && /^[0-9a-f]{64}$/.test(String(sha256))
      ? { stamp, sha256: String(sha256) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written only means that the file is hashed again the next time. */
async function remember(root: string, file: string, seen: Seen): Promise<void> {
  const record = recordOf(root, file);
  try {
    await mkdir(folderOf(root), { recursive: true, mode: 0o700 });
    await writeFile(`${record}.${process.pid}`, `${JSON.stringify(seen)}\n`, { mode: 0o600 });
    await rename(`${record}.${process.pid}`, record);
  } catch {
    return;
  }
}
