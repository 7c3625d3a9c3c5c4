/**
 * Files that appear whole or not at all, whatever kills the process or the machine, and that are never wider than they
 * should be, not even for a moment.
 */
import { randomBytes } from "node:crypto";
import { constants, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A name beside the given one that nothing reads: what a killed process leaves behind is never taken for the thing. */
export const besideName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);

/** What `besideName` gives. */
export const besideNames = /^\..+\.[0-9a-f]{12}$/;

/**
 * Write a file that does not exist yet, to disk.
 * @param mode as far as this process's umask lets it
 */
export async function writeNew(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Put a file in the place of another, or of none, durably. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await swapFile(path, content, mode);
  await syncFolder(dirname(path));
}

/** The same, but the old one may be back after a power loss: a folder's sync costs as much as a file's. */
export async function swapFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = besideName(path);
  try {
    await writeNew(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Make a rename or a new entry in this folder survive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
