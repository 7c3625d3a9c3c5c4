/**
 * Programs in process groups of their own: a terminal's Ctrl-C reaches quorate alone, which may let the stage finish
 * that is under way. They end with this process all the same, unless it is killed outright.
 */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

export type Program = ChildProcessByStdio<null, Readable, Readable>;

const running = new Set<Program>();
const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Like spawn, without standard input. */
export function spawnInOwnGroup(
  program: string,
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env: NodeJS.ProcessEnv },
): Program {
  const child = spawn(program, argv, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid === undefined) return child;
  if (running.size === 0) heed();
  running.add(child);
  child.once("exit", () => {
    running.delete(child);
    if (running.size === 0) unheed();
  });
  return child;
}

/** Ends it and all that it has started; nothing when it has ended. */
export function endGroup({ pid }: Program): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // it ended by itself meanwhile
  }
}

const endAll = (): void => running.forEach(endGroup);

/** Whoever else listens to a signal decides what it means; when nobody does, it ends this process as ever. */
function interrupted(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  unheed();
  process.kill(process.pid, signal);
}

function heed(): void {
  process.on("exit", endAll);
  for (const signal of interrupts) process.on(signal, interrupted);
}

function unheed(): void {
  process.off("exit", endAll);
  for (const signal of interrupts) process.off(signal, interrupted);
}
