/** Puts a file of this machine in another place of this machine without moving its bytes through a shell. */
import { randomBytes } from "node:crypto";
import { chmod, constants, copyFile, link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * A hard link where the file system allows one, else a synced copy; in place by one rename.
 * @param from a file whose content was verified; it is never written again, only replaced
 * @param mode four octal digits, for a copy; a link has the mode of the file
 */
export async function placeFile(from: string, to: string, mode: string): Promise<void> {
  if (await sameFile(from, to)) return;
  await mkdir(dirname(to), { recursive: true });
  await sweep(dirname(to));
  const temporary = join(dirname(to), `.quorate-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    await link(from, temporary).catch(() => copy(from, temporary, mode));
    await rename(temporary, to);
  } finally {
    // Renaming a link over another link of the same file leaves both.
    await rm(temporary, { force: true });
  }
}

/** Remove what a killed quorate, or its shell, left behind in a folder: names that begin with the ID of a process that is gone. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\.quorate-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || (await lstat(`/proc/${pid}`).catch(() => undefined)) !== undefined) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function copy(from: string, to: string, mode: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, Number.parseInt(mode, 8));
  const handle = await open(to, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(a), lstat(b).catch(() => undefined)]);
  return other !== undefined && other.isFile() && one.ino === other.ino && one.dev === other.dev;
}
