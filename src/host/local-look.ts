/**
 * What the observe script would print about this machine, seen by this process itself: the script starts twenty
 * processes for it. Whatever is not plain here (other accounts, other file systems, somebody else's process, a folder
 * that may not be read) is left to the script.
 */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { machine, userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { HostQuestion } from "./host.js";
import { beginningOf, linesIn, section, spaceOf, timeText, Unusual, type Section } from "./local-sections.js";
import { holderSection, memberSections, ownersOf } from "./local-processes.js";
import { diskPaths, statPaths, textLimit } from "./observe-script.js";

/** @returns undefined when the script must look */
export function lookHere(question: HostQuestion): Section[] | undefined {
  const { service, user, program, certificates } = question;
  const isPlain = service.kind === "process" && program === undefined && certificates === undefined;
  if (!isPlain || user !== userInfo().username) return undefined;
  try {
    const { pid, sections } = memberSections(question.state);
    return [
      ...system(),
      ...texts(question),
      ...paths(question),
      ...sections,
      ...data(question),
      ...listening(question.ports, pid),
      ...holderSection(question.state),
      section("clock", [`${Date.now()}000000`], ""),
    ];
  } catch (error) {
    // Nothing is changed by a look, so the script may begin anew.
    if (error instanceof Unusual || (error instanceof Error && "syscall" in error)) return undefined;
    throw error;
  }
}

/** An error for each of many things that are not there takes longer than all the rest. */
const quietly = { throwIfNoEntry: false } as const;

/** Longest table of the kernel's, in bytes. */
const networkLimit = 1_048_576;

const programFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function system(): Section[] {
  const memory = /^MemTotal:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  const lines = [`memory ${memory ?? ""}`, ...(unchanging ??= whatStays())];
  const net = ["/proc/net/fib_trie", "/proc/net/if_inet6"].map((path) => beginningOf(path, networkLimit) ?? "");
  return [
    section("system", [], lines.join("\n")),
    section("net", [], net.join("\n")),
    section("mounts", [], readFileSync("/proc/self/mounts")),
  ];
}

/** Of the machine, for as long as this process lives. */
let unchanging: readonly string[] | undefined;

function whatStays(): string[] {
  const openssl = programFolders.some((folder) => isExecutable(join(folder, "openssl")));
  return [
    `arch ${machine()}`,
    `machine ${existsSync("/etc/machine-id") ? readFileSync("/etc/machine-id", "utf8").trim() : ""}`,
    `boot ${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`,
    `uid ${process.geteuid?.() ?? ""}`,
    ...(openssl ? ["openssl yes"] : []),
    "user yes",
    ...systemdVersion(),
  ];
}

function isExecutable(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && (found.mode & 0o111) !== 0;
}

/** The library's name carries it. */
function systemdVersion(): string[] {
  if (!existsSync("/run/systemd/system")) return [];
  const multiarch = readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/systemd`);
  for (const folder of ["/usr/lib/systemd", "/lib/systemd", ...multiarch].filter((path) => existsSync(path))) {
    const version = readdirSync(folder)
      .map((name) => /^libsystemd-shared-(.*)\.so$/.exec(name)?.[1])
      .find(Boolean);
    if (version !== undefined) return [`systemd ${version}`];
  }
  throw new Unusual("only systemctl knows its version");
}

function texts({ texts: wanted, releases, digests, state }: HostQuestion): Section[] {
  const text = (key: string, words: readonly string[], path: string): Section[] => {
    const body = isFile(path) ? beginningOf(path, textLimit) : undefined;
    return body === undefined ? [] : [section(key, words, body)];
  };
  return [
    ...text("mark", ["0"], join(state, "member.json")),
    ...wanted.flatMap((path, index) => text("text", [`${index}`], path)),
    ...releases.flatMap((path, index) => {
      const manifest = text("manifest", [`${index}`], join(path, "manifest"));
      return manifest.length === 0 ? [] : [...manifest, section("files", [`${index}`], filesIn(path).join("\n"))];
    }),
    ...digests.flatMap((path, index) => {
      if (!isFile(path)) return [];
      return [section("digest", [`${index}`], createHash("sha256").update(readFileSync(path)).digest("hex"))];
    }),
  ];
}

const isFile = (path: string): boolean => statSync(path, quietly)?.isFile() ?? false;

/** Lines `SIZE MTIME OCTAL-MODE NAME`. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names.sort().map((name) => {
    const { size, mtimeNs, mode } = lstatSync(join(folder, name), { bigint: true });
    return `${size} ${timeText(mtimeNs)} ${(Number(mode) & 0o7777).toString(8)} ${name}`;
  });
}

function paths(question: HostQuestion): Section[] {
  const [users, groups] = [namesOf("/etc/passwd"), namesOf("/etc/group")];
  const lines: string[] = [];
  const links: Section[] = [];
  for (const [index, path] of statPaths(question).entries()) {
    const found = lstatSync(path, quietly);
    if (found === undefined) continue;
    const [user, group] = [users.get(found.uid), groups.get(found.gid)];
    if (user === undefined || group === undefined) throw new Unusual(`whose ${path} is stands in no file`);
    lines.push(`${found.mode.toString(16)}:${found.size}:${user}:${group}:${path}`);
    if (found.isSymbolicLink()) links.push(section("link", [`${index}`], readlinkSync(path)));
  }
  const real = diskPaths(question).map((path) => realpathSync(nearest(path)));
  const disks = new Map([...new Set(real)].map((path) => [path, spaceOf(path)]));
  return [
    section("stats", [], lines.join("\n")),
    ...links,
    section("disks", [], real.map((path) => disks.get(path)).join("\n")),
    section("real", [], real.join("\n")),
  ];
}

/** A path that does not exist yet will be made on the disk of its nearest ancestor. */
function nearest(path: string): string {
  return path === "/" || statSync(path, quietly) !== undefined ? path : nearest(dirname(path));
}

function namesOf(file: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of linesIn(file)) {
    const [name = "", , id = ""] = line.split(":");
    if (/^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function data({ data: folder, wal }: HostQuestion): Section[] {
  const log = wal ?? join(folder, "member", "wal");
  const last = (existsSync(log) ? readdirSync(log) : [])
    .filter((name) => /^[^.].*\.wal$/.test(name))
    .sort()
    .at(-1);
  const look = (key: string, path: string): Section[] => {
    if (lstatSync(path, quietly) === undefined) return [];
    if (statSync(path, quietly)?.isDirectory() !== true) return [section(key, ["other"], "")];
    return [section(key, ["folder"], readdirSync(path).sort().slice(0, 20).join("\n"))];
  };
  return [
    ...(last === undefined ? [] : [section("wal", [], beginningOf(join(log, last), 512) ?? "")]),
    ...look("data", folder),
    ...(wal === undefined ? [] : look("waldir", log)),
  ];
}

function listening(ports: readonly number[], pid: number | undefined): Section[] {
  const wanted = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, "0")));
  const lines = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap(linesIn).filter((line) => {
    const [, local = "", remote = "", state] = line.trim().split(/\s+/);
    return state === "0A" && remote.endsWith(":0000") && wanted.has(local.slice(local.lastIndexOf(":") + 1));
  });
  const sockets = lines.map((line) => line.trim().split(/\s+/)[9] ?? "");
  return [section("listeners", [], lines.join("\n")), ...ownersOf(sockets, pid)];
}
