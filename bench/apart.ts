/**
 * What keeps members and clients on one machine out of each other's way, as they are when each has a machine of its own.
 * Both are had where the machine allows it; a figure says whether it was.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, statfsSync } from "node:fs";
import { freemem } from "node:os";

const memory = "/dev/shm";

/**
 * A folder where no member waits for another's disk: in memory. On a disk that they share, the one that has written its
 * file anew frees half a gigabyte of the old, and the journal of the file system holds up the others' fsync for 100 to
 * 150 ms. @param bytes wanted there @returns undefined when there is no room
 */
export function disksApart(bytes: number): string | undefined {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, freemem()) >= bytes ? memory : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Put before the command of a program, it need not wait for a processor that others use. Clients that wait for one
 * (20 to 50 ms when three members keep two processors busy) see gaps that no member has made. @returns nothing where
 * this is not allowed
 */
export function processorApart(): readonly string[] {
  const first = ["chrt", "--rr", "1"];
  return spawnSync("chrt", [...first.slice(1), "true"]).status === 0 ? first : [];
}

/** What of this was had, in words for a figure. */
export const circumstances = (disks: string | undefined, launcher: readonly string[]): string =>
  [
    disks === undefined ? "the members share one disk" : `what the members write is in memory (${disks})`,
    launcher.length === 0 ? "clients and members share the processors" : "clients do not wait for a processor",
  ].join(", ");
