/** Folders of secrets: no file or folder in them is ever wider than its owner, not even for a moment. */
import { link, lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { besideName, besideNames, syncFolder, writeNew } from "../durable-file.js";

/** Older than any run: nobody can still be writing it. */
const staleAfterMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Remove from a folder what nobody needs any more: it may hold keys.
 * @param old says which names, besides what killed processes left
 */
export async function sweep(folder: string, old: (name: string) => boolean = () => false): Promise<void> {
  const before = Date.now() - staleAfterMilliseconds;
  for (const name of await readdir(folder)) {
    if (!besideNames.test(name) && !old(name)) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
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
