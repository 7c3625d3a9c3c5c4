/**
 * Keeps two quorates of one machine from fetching the same thing at once: the second waits and finds it in the cache.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { unusableCache } from "./disk.js";

export interface LockPatience {
  /** Milliseconds between looks at a lock that another holds. */
  readonly poll: number;
  /** Milliseconds without a sign of life after which a holder on another machine counts as dead. */
  readonly stale: number;
  /** Milliseconds to wait in all. */
  readonly most: number;
}

const patient: LockPatience = { poll: 200, stale: 60_000, most: 30 * 60_000 };

/**
 * Runs the work while holding `locks/<name>` in the cache.
 * @param waiting called once when another holds it, with who that is.
 * @throws QuorateError E_RELEASE_CACHE when the holder does not end, or the folder cannot be written.
 */
export async function holding<T>(
  root: string,
  name: string,
  work: (waited: boolean) => Promise<T>,
  waiting: (holder: string) => void = () => undefined,
  patience: LockPatience = patient,
): Promise<T> {
  const file = join(root, "locks", `${name}.lock`);
  const waited = await take(file, waiting, patience);
  const alive = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), patience.stale / 6);
  try {
    return await work(waited);
  } finally {
    clearInterval(alive);
    await rm(file, { force: true });
  }
}

async function take(file: string, waiting: (holder: string) => void, patience: LockPatience): Promise<boolean> {
  const deadline = Date.now() + patience.most;
  for (let waited = false; ; waited = true) {
    if (await create(file)) return waited;
    const holder = await readFile(file, "utf8").catch(() => "");
    if (!waited && holder !== "") waiting(holder.trim());
    if (await isDead(file, holder.trim(), patience.stale)) await breakLock(file, holder);
    else await new Promise((resolve) => setTimeout(resolve, patience.poll));
    if (Date.now() > deadline) throw unusableCache(file, `${holder.trim()} has held it for too long`);
  }
}

async function create(file: string): Promise<boolean> {
  try {
    await mkdir(join(file, ".."), { recursive: true });
    const handle = await open(file, "wx");
    await handle.writeFile(`pid ${process.pid} on ${hostname()}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw unusableCache(join(file, "..", ".."), error);
  }
}

/**
 * Takes a dead holder's lock away. Whoever finds that it took a live one instead, because another was faster, puts it
 * back.
 */
async function breakLock(file: string, holder: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== holder) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isDead(file: string, holder: string, stale: number): Promise<boolean> {
  const silence = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (silence > stale) return true;
  const found = /^pid (\d+) on (.+)$/.exec(holder);
  if (found === null || found[2] !== hostname()) return false;
  try {
    process.kill(Number(found[1]), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
