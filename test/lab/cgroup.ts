import { existsSync } from "node:fs";
import { mkdir, readdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";

const mountPoint = "/sys/fs/cgroup";
/** Version 1 hierarchies that systemd inside a host wants for itself; cpuset would need settings of its own. */
const hierarchies = ["systemd", "unified", "memory", "pids", "cpu", "cpuacct", "blkio", "freezer", "devices"];

/** True when this machine's own systemd can give every host a scope; then nothing of this file is needed. */
export const machineRunsSystemd = (): boolean => existsSync("/run/systemd/system");

/**
 * Folders of a control group per host. Without one, several hosts started from one shell share a single tree and each
 * systemd sees the units of the others as its own.
 */
export async function makeControlGroup(name: string): Promise<readonly string[]> {
  if (machineRunsSystemd() || !existsSync(mountPoint)) return [];
  const roots = existsSync(join(mountPoint, "cgroup.controllers"))
    ? [mountPoint]
    : hierarchies
        .map((hierarchy) => join(mountPoint, hierarchy))
        .filter((root) => existsSync(join(root, "cgroup.procs")));
  const folders = roots.map((root) => join(root, name));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return folders;
}

/**
 * Remove a host's control groups, deepest first. What still holds a process stays, and its lab with it; what another test
 * file has removed at the same moment is gone.
 */
export async function removeControlGroup(name: string): Promise<void> {
  for (const root of [mountPoint, ...hierarchies.map((hierarchy) => join(mountPoint, hierarchy))]) {
    await removeTree(join(root, name));
  }
}

async function removeTree(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined) return;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder).catch(() => undefined);
}
