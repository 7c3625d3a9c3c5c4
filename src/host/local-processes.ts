/** Processes of this machine as /proc shows them: the member's, the lock holder's, and those behind listening sockets. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, fstatSync } from "node:fs";
import { join } from "node:path";
import { ifThere, linesIn, section, Unusual, type Section } from "./local-sections.js";

export const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** When a process began, in ticks since the boot. One that has ended stays on the list until its parent has noticed. */
export function startOf(pid: string | number): string | undefined {
  const stat = ifThere(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  const fields = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
  return fields[0] === "Z" ? undefined : fields[19];
}

/** A process is known by its ID, its start time and the boot; its ID alone may be somebody else's by now. */
export const isRunning = (pid: string, started: string, boot: string): boolean =>
  /^[1-9]\d{0,9}$/.test(pid) && boot === bootId() && startOf(pid) === started;

/** @returns the member's process if it runs, and what the script says of it */
export function memberSections(state: string): { pid: number | undefined; sections: Section[] } {
  const [pid = "", started = "", boot = ""] = (linesIn(join(state, "etcd.pid"))[0] ?? "").split(" ");
  if (pid === "") return { pid: undefined, sections: [] };
  if (isRunning(pid, started, boot)) {
    const lines = aboutProcess(pid);
    return { pid: Number(pid), sections: [section("run", ["alive"], ""), section("process", [], lines.join("\n"))] };
  }
  if (boot !== bootId()) return { pid: undefined, sections: [] };
  return {
    pid: undefined,
    sections: [section("run", ["dead"], ""), section("log", [], endOf(join(state, "etcd.log"), 16_384))],
  };
}

function aboutProcess(pid: string): string[] {
  const config = readFileSync(`/proc/${pid}/environ`, "utf8")
    .split("\0")
    .find((variable) => variable.startsWith("QUORATE_CONFIG="));
  if (config === undefined) throw new Unusual(`process ${pid} was not started by quorate`);
  const executable = ifThere(() => readlinkSync(`/proc/${pid}/exe`));
  return [
    `pid ${pid}`,
    ...(executable === undefined ? [] : [`exe ${executable}`]),
    `config ${config.slice(config.indexOf("=") + 1)}`,
  ];
}

function endOf(path: string, limit: number): Buffer {
  const file = ifThere(() => openSync(path, "r"));
  if (file === undefined) return Buffer.alloc(0);
  try {
    const buffer = Buffer.alloc(limit);
    const begin = Math.max(0, fstatSync(file).size - limit);
    return buffer.subarray(0, readSync(file, buffer, 0, limit, begin));
  } finally {
    closeSync(file);
  }
}

/** The lock's files and what they mean: lock-script.ts. */
export function holderSection(state: string): Section[] {
  const numbers = (ifThere(() => readdirSync(join(state, "lock"))) ?? [])
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  if (numbers.length === 0) return [];
  const text = ifThere(() => readFileSync(join(state, "lock", `${Math.max(...numbers)}`), "utf8")) ?? "";
  const end = text.indexOf("\n");
  const [pid = "", started = "", boot = ""] = text.slice(0, end < 0 ? text.length : end).split(" ");
  return isRunning(pid, started, boot) ? [section("lock", [], text.slice(end + 1, end + 1 + 8_192))] : [];
}

/** Whose sockets these are: first the member's own, and only for a stranger's a look at all processes. */
export function ownersOf(sockets: readonly string[], member: number | undefined): Section[] {
  const open = new Set(sockets);
  const found = member === undefined ? [] : ownedBy(`${member}`, open);
  if (open.size === 0) return found;
  const everybody = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return [...found, ...everybody.flatMap((pid) => ownedBy(pid, open))];
}

/** @param open sockets that nobody was found for yet; those of this process are taken out */
function ownedBy(pid: string, open: Set<string>): Section[] {
  const owned: Section[] = [];
  const folder = `/proc/${pid}/fd`;
  for (const name of orNone(() => readdirSync(folder))) {
    const target = orNone(() => [readlinkSync(join(folder, name))])[0] ?? "";
    const socket = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (socket === undefined || !open.delete(socket)) continue;
    const command = orNone(() => [readFileSync(`/proc/${pid}/comm`, "utf8").trim()])[0] ?? "";
    owned.push(section("owner", [socket, pid, ...command.split(" ")], ""));
  }
  return owned;
}

/** Processes end while one looks, and some may not be looked into. */
function orNone<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch {
    return [];
  }
}
