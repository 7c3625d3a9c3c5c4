import { readFileSync } from "node:fs";
import { until } from "./execute.js";

/** When a process was started, in clock ticks since the machine booted; undefined when there is none of this pid. */
export function startOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, , ...rest] = fields.slice(fields.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : rest[17];
  } catch {
    return undefined;
  }
}

/** True when this pid is a process whose command line holds the word: pids are used again by others. */
export function isProcess(pid: number, word: string): boolean {
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    // For a moment, while a process becomes another program, it has no command line.
    return startOf(pid) !== undefined && (commandLine === "" || commandLine.split("\0").includes(word));
  } catch {
    return false;
  }
}

/** Children of a process. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * End a host's nspawn process and the host's whole process tree, at once, like a pulled plug. nspawn tidies up after
 * itself once its child is gone; only when it does not, it is killed too.
 */
export async function pullPlug(nspawn: number, machine: string): Promise<void> {
  if (!isProcess(nspawn, machine)) return;
  for (const pid of childrenOf(nspawn)) signal(pid);
  const gone = (): boolean => !isProcess(nspawn, machine);
  await until(`${machine} to end`, 3_000, gone).catch(async () => {
    signal(nspawn);
    await until(`${machine} to be killed`, 5_000, gone);
  });
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself meanwhile
  }
}
