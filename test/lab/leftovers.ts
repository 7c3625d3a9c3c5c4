import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeControlGroup } from "./cgroup.js";
import { execute } from "./execute.js";
import { labFolder } from "./folders.js";
import { namespaceOf, removeNetwork } from "./network.js";
import { pullPlug, startOf } from "./process.js";

const running = join(labFolder, "running");
let made = 0;

/** Claim a name that no other lab on this machine has, and a folder under that name which says whose it is. */
export async function claimLab(): Promise<{ name: string; folder: string }> {
  made += 1;
  const name = `ql${process.pid}${made === 1 ? "" : `x${made}`}`;
  const folder = join(running, name);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await writeFile(join(folder, "owner"), `${process.pid} ${startOf(process.pid)}\n`);
  return { name, folder };
}

/**
 * Take down a lab and everything that it made, by its name and its recorded pids. Again is harmless, also at the same time:
 * two test files that begin together find the same leftovers.
 */
export async function removeLab(name: string): Promise<void> {
  const folder = join(running, name);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || !existsSync(join(folder, entry.name, "root"))) continue;
    const machine = namespaceOf(name, entry.name);
    const pid = Number(await readFile(join(folder, entry.name, "pid"), "utf8").catch(() => ""));
    if (pid > 0) await pullPlug(pid, `--machine=${machine}`);
    await execute(["umount", "--lazy", join(folder, entry.name, "root")]); // fails when it was never mounted
    await removeControlGroup(machine);
  }
  await removeNetwork(name);
  const mounts = await readFile("/proc/self/mounts", "utf8");
  if (mounts.includes(`${folder}/`)) throw new Error(`${folder} is still mounted; nothing below it was removed`);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Take down labs whose owner is gone: a killed test run leaves its hosts behind. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(running).catch(() => [])) {
    const owner = await readFile(join(running, name, "owner"), "utf8").catch(() => undefined);
    const [pid, start] = (owner ?? "").trim().split(" ");
    if (owner !== undefined && startOf(Number(pid)) !== start) await removeLab(name);
  }
}
