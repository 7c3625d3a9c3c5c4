/** Pieces of a look at this machine, in the form in which a script's answer is taken apart. */
import { closeSync, existsSync, openSync, readFileSync, readSync, statfsSync } from "node:fs";
import type { Section } from "./observe-sections.js";

export type { Section } from "./observe-sections.js";

/** Something that only the script can tell. */
export class Unusual extends Error {}

export const section = (key: string, words: readonly string[], body: string | Buffer): Section => ({
  key,
  words,
  body: typeof body === "string" ? Buffer.from(body) : body,
});

/** undefined for what does not exist; everything else that goes wrong is told. */
export function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH") return undefined;
    throw error;
  }
}

/** A time of stat's as `stat -c %.Y` prints it. @param nanoseconds since the epoch */
export const timeText = (nanoseconds: bigint): string =>
  `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}`;

/** Lines of a file; none when there is no such file. */
export const linesIn = (path: string): string[] =>
  (ifThere(() => readFileSync(path, "utf8")) ?? "").split("\n").filter((line) => line !== "");

/** The first bytes of a file; undefined when there is no such file. */
export function beginningOf(path: string, limit: number): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(limit);
    return buffer.subarray(0, readSync(file, buffer, 0, limit, 0));
  } finally {
    closeSync(file);
  }
}

/** ext4, xfs, btrfs, tmpfs, overlay: there a block is as long as statfs(2) says first; elsewhere Node cannot tell. */
const blocksAsTold = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630]);

/** `FREE-BLOCKS BLOCK-SIZE INODES FREE-INODES` of the disk that a path lies on. */
export function spaceOf(path: string): string {
  const { type, bavail, bsize, files, ffree } = statfsSync(path);
  if (!blocksAsTold.has(type)) throw new Unusual(`${path} lies on a file system of kind ${type}`);
  return `${bavail} ${bsize} ${files} ${ffree}`;
}
