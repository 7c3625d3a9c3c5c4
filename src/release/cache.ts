/**
 * quorate's own store of binaries: one folder per release, `releases/<version>-<arch>`, with a manifest of digests
 * that is checked at every use of a file that was touched since the last. A folder appears whole or not at all, whatever dies meanwhile.
 */
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { QuorateError } from "../errors.js";
import { discard, type Binary } from "./binaries.js";
import { unusableCache } from "./disk.js";
import { readManifest, type Manifest } from "./manifest.js";
import type { ReleaseFolder } from "./release.js";
import { seenDigestOf } from "./seen-digest.js";

/** Absolute folder: $QUORATE_CACHE, or $XDG_CACHE_HOME/quorate, or ~/.cache/quorate. */
export function cacheRoot(environment: NodeJS.ProcessEnv): string {
  const own = environment["QUORATE_CACHE"];
  if (own !== undefined && own !== "") return own;
  const xdg = environment["XDG_CACHE_HOME"];
  const home = environment["HOME"] ?? homedir();
  return join(xdg !== undefined && xdg.startsWith("/") ? xdg : join(home, ".cache"), "quorate");
}

/**
 * The name that a release is kept under. What a user hands over has an identity, and is never served to anyone else.
 */
export function keyOf(version: string, arch: string, identity?: string): string {
  return `${version}-${arch}${identity === undefined ? "" : `-given-${identity.slice(0, 16)}`}`;
}

/** Versions kept for this arch from public sources, unverified. */
export async function cachedVersions(root: string, arch: string): Promise<readonly string[]> {
  const names = await readdir(join(root, "releases")).catch(() => []);
  return names.flatMap((name) => new RegExp(`^(\\d+\\.\\d+\\.\\d+)-${arch}$`).exec(name)?.[1] ?? []);
}

/**
 * The release kept under this key; undefined: there is none.
 * @throws QuorateError E_RELEASE_DIGEST or E_RELEASE_CACHE when what is there is not what was put there.
 */
export async function findCached(root: string, key: string): Promise<ReleaseFolder | undefined> {
  const path = join(root, "releases", key);
  const text = await readFile(join(path, "manifest.json"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw unusableCache(path, error);
  });
  if (text === undefined) return undefined;
  await requirePrivate(path);
  const manifest = readManifest(text);
  if (manifest === undefined) throw unusableCache(path, "its manifest.json cannot be read");
  await Promise.all(manifest.binaries.map((binary) => requireIntact(root, path, binary)));
  const { version, arch, source, binaries } = manifest;
  return { version, arch, path, source, binaries };
}

/**
 * A fresh folder to bring a release into, on the same file system as the cache. Whoever calls this holds the lock of
 * the key, so folders of that name are what a killed run left behind.
 * @throws QuorateError E_RELEASE_CACHE
 */
export async function newFolder(root: string, key: string): Promise<string> {
  const releases = join(root, "releases");
  try {
    await mkdir(releases, { recursive: true, mode: 0o755 });
    await sweep(releases, (name) => name.startsWith(`.new-${key}_`), 0);
    await sweep(releases, (name) => /^\.(new|old)-/.test(name), week);
    await sweep(join(root, "downloads"), (name) => name.endsWith(".part"), week);
    return await mkdtemp(join(releases, `.new-${key}_`));
  } catch (error) {
    throw unusableCache(root, error);
  }
}

const week = 7 * 24 * 3_600_000;

/** Removes what was left behind more than so many milliseconds ago. */
async function sweep(folder: string, meant: (name: string) => boolean, age: number): Promise<void> {
  for (const name of (await readdir(folder).catch(() => [])).filter(meant)) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs >= age) await discard(join(folder, name));
  }
}

/**
 * Moves a proven folder to its place, durably. A release that is already there under the key is put aside and
 * removed.
 */
export async function keep(root: string, folder: string, key: string, manifest: Manifest): Promise<ReleaseFolder> {
  const path = join(root, "releases", key);
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const { name } of manifest.binaries) await chmod(join(folder, name), 0o755);
  for (const name of await readdir(folder)) await flush(join(folder, name));
  await chmod(folder, 0o755);
  await flush(folder);
  await place(root, folder, path);
  await flush(dirname(path));
  const { version, arch, source, binaries } = manifest;
  return { version, arch, path, source, binaries };
}

/**
 * A folder cannot be renamed onto one that holds files, so what is there goes aside first; another process may be
 * faster.
 */
async function place(root: string, folder: string, path: string): Promise<void> {
  const aside = await mkdtemp(join(root, "releases", ".old-"));
  for (let attempt = 1; ; attempt += 1) {
    await rename(path, join(aside, `${attempt}`)).catch(() => undefined);
    const outcome = await rename(folder, path).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if (outcome === undefined) break;
    if (attempt >= 5 || !["ENOTEMPTY", "EEXIST"].includes(outcome.code ?? "")) throw unusableCache(path, outcome);
  }
  await discard(aside);
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

async function requireIntact(root: string, path: string, binary: Binary): Promise<void> {
  const file = join(path, binary.name);
  const found = await seenDigestOf(root, file, true).catch(() => ({ sha256: "nothing: the file cannot be read" }));
  if (found.sha256 === binary.sha256) return;
  throw new QuorateError("E_RELEASE_DIGEST", `${file} has changed since it was put into the cache`, {
    where: file,
    expected: `SHA-256 ${binary.sha256}`,
    found: `SHA-256 ${found.sha256}`,
  });
}

/** Digests in a manifest prove nothing where anyone may write both. */
async function requirePrivate(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
  const me = process.getuid?.() ?? uid;
  if ((mode & 0o002) !== 0) throw unusableCache(path, "everyone may write to it");
  if (me !== 0 && uid !== me && uid !== 0) throw unusableCache(path, `it belongs to another user (uid ${uid})`);
}
