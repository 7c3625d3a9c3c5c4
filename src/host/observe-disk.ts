/** Files and disks as stat and /proc/self/mounts describe them. Pure; tolerant of anything. */
import { posix } from "node:path";
import type { DiskFact, PathStat } from "./host.js";
import type { Sections } from "./observe-sections.js";

const kinds: Readonly<Record<number, PathStat["kind"]>> = { 0o100000: "file", 0o040000: "dir", 0o120000: "link" };

/** Lines `HEX-MODE:SIZE:OWNER:GROUP:PATH`. @param targets of links, by path */
export function statsOf(lines: readonly string[], targets: Readonly<Record<string, string>>): Record<string, PathStat> {
  const stats: Record<string, PathStat> = {};
  for (const line of lines) {
    const match = /^([0-9a-f]{1,8}):(\d{1,16}):([^:]*):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, hex = "0", size = "0", owner = "", group = "", path = ""] = match;
    const mode = Number.parseInt(hex, 16);
    const kind = kinds[mode & 0o170000] ?? "other";
    const target = kind === "link" ? targets[path]?.replace(/\n$/, "") : undefined;
    stats[path] = {
      kind,
      mode: (mode & 0o7777).toString(8).padStart(4, "0"),
      owner,
      group,
      size: Number(size),
      target,
    };
  }
  return stats;
}

/** @param paths in the order in which the script asked; empty when the host's answer does not fit them */
export function disksOf(sections: Sections, paths: readonly string[]): Record<string, DiskFact> {
  const sizes = sections.lines("disks");
  const real = sections.lines("real");
  if (sizes.length !== paths.length || real.length !== paths.length) return {};
  const options = mountOptions(sections.lines("mounts"));
  return Object.fromEntries(
    paths.map((path, index) => {
      const flags = optionsAt(options, real[index] ?? "/");
      return [
        path,
        { freeBytes: freeBytes(sizes[index] ?? ""), readOnly: flags.includes("ro"), noExec: flags.includes("noexec") },
      ];
    }),
  );
}

/** From `FREE-BLOCKS BLOCK-SIZE INODES FREE-INODES`; a disk without a free inode is as full as one without a block. */
function freeBytes(line: string): number {
  const [blocks = 0, size = 0, inodes = 0, freeInodes = 0] = line.split(" ").map(Number);
  const free = inodes > 0 && freeInodes === 0 ? 0 : blocks * size;
  return Number.isFinite(free) ? free : 0;
}

/** Options of the mount that a path lies on: bind mounts of one file system differ in them, so device numbers do not tell. */
function optionsAt(options: ReadonlyMap<string, string[]>, path: string): string[] {
  for (let point = path; ; point = posix.dirname(point)) {
    const found = options.get(point);
    if (found !== undefined || point === "/" || point === ".") return found ?? [];
  }
}

/** Options by mount point; the last mount on a point is the one that is seen. */
function mountOptions(lines: readonly string[]): Map<string, string[]> {
  const options = new Map<string, string[]>();
  for (const line of lines) {
    const [, point = "", , flags = ""] = line.split(" ");
    const path = point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    options.set(path, flags.split(","));
  }
  return options;
}
