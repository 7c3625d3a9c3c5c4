/**
 * Writing secrets: no file or folder is ever wider than its owner, not even for a moment, and a file appears whole or
 * not at all, whatever kills the process.
 */
import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A name beside the given one that nothing reads: what a killed process leaves behind is never taken for the thing. */
export const besideName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);

const temporaryName = /^\..+\.[0-9a-f]{12}$/;

/** Older than any run: nobody can still be writing it. */
const staleAfterMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Remove from a folder what nobody needs any more: it may hold keys.
 * @param old says which names, besides what killed processes left
 */
export async function sweep(folder: string, old: (name: string) => boolean = () => false): Promise<void> {
  const before = Date.now() - staleAfterMilliseconds;
  for (const name of await readdir(folder)) {
    if (!temporaryName.test(name) && !old(name)) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Write a file that does not exist yet, to disk. */
export async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Put a file in the place of another, or of none. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = besideName(path);
  try {
    await writeNew(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Write a file unless there is one, and return the content that is there in the end: of several processes at once
 * exactly one wins, and all return the winner's.
 */
export async function writeOnce(path: string, content: string): Promise<string> {
  const temporary = besideName(path);
  try {
    await writeNew(temporary, content);
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return readFile(path, "utf8");
}

/** Make a rename or a new entry in this folder survive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A text file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
