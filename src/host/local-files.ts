/**
 * Changes to files of this machine, made by this process itself: the results, refusals and words of file-commands.ts,
 * without the dozen processes that a script starts for each small file.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, chown, constants, lstat, mkdir, open, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { syncFolder } from "../durable-file.js";
import { failureOf } from "./command-failure.js";
import { scriptStatus } from "./command.js";
import { changedFolders, commandFor, digestsPutIn } from "./commands.js";
import type { HostAction } from "./host.js";
import { timeText } from "./local-sections.js";
import { placeFile, sweep } from "./place-file.js";

type Action<K extends HostAction["do"]> = Extract<HostAction, { do: K }>;
/** What this process does with files itself. */
export type FileAction = Action<"put-file" | "make-directory" | "link" | "seal-release" | "append">;

const isRoot = process.geteuid?.() === 0;

/** Whether it can be done here. Giving files to somebody else takes looking up accounts, which is left to the shell. */
export function isForFiles(action: HostAction): action is FileAction {
  switch (action.do) {
    case "put-file":
    case "make-directory":
      return !isRoot || (action.owner === "root" && action.group === "root");
    case "link":
    case "seal-release":
    case "append":
      return true;
    default:
      return false;
  }
}

export interface Surroundings {
  /** Of the host, for messages. */
  readonly name: string;
  /** Throws when nothing may be changed any more. Called right before each change. */
  readonly mayChange: () => void;
  readonly progress: ((bytes: number) => void) | undefined;
}

/**
 * In order, stopping at the first failure; durable when this resolves.
 * @throws QuorateError with the codes that the same action has on any host
 */
export async function changeFiles(actions: readonly FileAction[], around: Surroundings): Promise<void> {
  for (const [index, action] of actions.entries()) {
    const earlier = actions.slice(0, index);
    const command = commandFor(action, earlier, []); // It also refuses what may not go to a host.
    // What its bytes cannot be had for is not this host's failure.
    const bytes = action.do === "put-file" && action.file === undefined ? await action.bytes() : undefined;
    try {
      await change(action, earlier, bytes, around);
    } catch (error) {
      throw asAnswer(error, (status, stderr) =>
        failureOf(around.name, command, { status, stderr, stdout: Buffer.alloc(0) }),
      );
    }
    around.progress?.(bytes?.length ?? 0);
  }
  for (const folder of changedFolders(actions)) await syncFolder(folder);
}

async function change(
  action: FileAction,
  earlier: readonly FileAction[],
  bytes: Uint8Array | undefined,
  { mayChange }: Surroundings,
): Promise<void> {
  mayChange();
  switch (action.do) {
    case "put-file":
      if (bytes === undefined) return placeFile(action.file ?? "", action.path, action.mode);
      return putFile(action, bytes, mayChange);
    case "make-directory":
      return makeDirectory(action);
    case "link":
      return replace(action.path, (temporary) => symlink(action.target, temporary), mayChange);
    case "seal-release":
      return sealRelease(action.path, { ...action.verified, ...digestsPutIn(action.path, earlier) }, mayChange);
    case "append":
      return append(action);
  }
}

class Refused extends Error {
  constructor(
    readonly status: number,
    words: string,
  ) {
    super(words);
  }
}

function asAnswer(error: unknown, failed: (status: number, words: string) => Error): unknown {
  if (error instanceof Refused) return failed(error.status, error.message);
  return error instanceof Error && "syscall" in error ? failed(1, error.message) : error;
}

async function putFile(
  { path, mode, sha256 }: Action<"put-file">,
  bytes: Uint8Array,
  mayChange: () => void,
): Promise<void> {
  const received = createHash("sha256").update(bytes).digest("hex");
  if (received !== sha256) throw new Refused(scriptStatus.digestMismatch, `received ${received}`);
  await replace(path, (temporary) => write(temporary, bytes, mode), mayChange);
}

/** Through the file itself, whoever owns its folder and swaps names. */
async function write(path: string, bytes: Uint8Array, mode: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(bytes);
    if (isRoot) await file.chown(0, 0);
    await file.chmod(Number.parseInt(mode, 8));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Make something new beside the target and put it in its place by one rename. */
async function replace(path: string, make: (temporary: string) => Promise<void>, mayChange: () => void): Promise<void> {
  const folder = dirname(path);
  await sweep(folder);
  const temporary = join(folder, `.quorate-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    await make(temporary);
    mayChange();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (await isFolder(path)) throw new Refused(scriptStatus.inTheWay, `${path} is a folder`);
    throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Folders above it are for everybody to enter, whatever this process's umask is. */
async function makeDirectory({ path, mode }: Action<"make-directory">): Promise<void> {
  const first = await mkdir(dirname(path), { recursive: true });
  for (let made = dirname(path); first !== undefined && made.length >= first.length; made = dirname(made))
    await chmod(made, 0o755);
  await mkdir(path, 0o700).catch(async (error: unknown) => {
    if (!(await stat(path)).isDirectory()) throw error;
  });
  if (isRoot) await chown(path, 0, 0);
  await chmod(path, Number.parseInt(mode, 8));
}

/** @param known digests of files in it that were verified a moment ago, by name */
async function sealRelease(
  path: string,
  known: Readonly<Record<string, string>>,
  mayChange: () => void,
): Promise<void> {
  const lines: string[] = [];
  for (const name of (await readdir(path)).sort()) {
    const file = join(path, name);
    if (name === "manifest" || !/^[\w-][\w.-]*$/.test(name) || !(await stat(file)).isFile()) continue;
    const { size, mtimeNs } = await lstat(file, { bigint: true });
    lines.push(`${known[name] ?? (await digestOf(file))} ${size} ${timeText(mtimeNs)} ${name}\n`);
  }
  if (lines.length === 0) throw new Refused(1, `${path} holds no binaries`);
  await replace(
    join(path, "manifest"),
    (temporary) => write(temporary, Buffer.from(lines.join("")), "0644"),
    mayChange,
  );
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** A line that a killed writer left unfinished is ended first, so that the new one stands alone. */
async function append({ path, text }: Action<"append">): Promise<void> {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const last = size === 0 ? undefined : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer;
    await file.writeFile(`${last === undefined || last[0] === 0x0a ? "" : "\n"}${text}`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
