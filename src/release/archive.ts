/**
 * Takes etcd's binaries out of an archive, and nothing else. Only files of exactly the expected names are written, under
 * those names, so that nothing in an archive decides where on the disk something lands.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { QuorateError } from "../errors.js";
import { binaryNames, type BinaryName } from "./binaries.js";

export interface Limits {
  /** Bytes that an archive may unpack to. etcd 3.6 unpacks to about 80 MB. */
  readonly bytes: number;
  readonly entries: number;
}

const generous: Limits = { bytes: 1 << 30, entries: 10_000 };

/** Unpacks a release archive (.tar.gz): the binaries lie in one folder at its top, or at the top itself. */
export async function unpackTarball(file: string, into: string, limits: Limits = generous): Promise<readonly BinaryName[]> {
  const plain = createGunzip();
  const [, found] = await Promise.all([
    pipeline(createReadStream(file), plain).catch((error: unknown) => Promise.reject(unusable(error))),
    takeBinaries(plain, /^(?:[^/]+\/)?(etcd|etcdctl|etcdutl)$/, into, limits),
  ]);
  return found;
}

/** Unpacks a Debian package with dpkg-deb, which need not be root: the binaries lie in usr/bin. */
export async function unpackPackage(file: string, into: string, limits: Limits = generous): Promise<readonly BinaryName[]> {
  const child = spawn("dpkg-deb", ["--fsys-tarfile", file], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-400)));
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", () => reject(unusable("dpkg-deb, which unpacks Debian packages, is not installed")));
    child.on("close", (code) => (code === 0 ? resolve() : reject(unusable(`dpkg-deb exited ${code}: ${said.trim()}`))));
  });
  ended.catch(() => undefined);
  try {
    const found = await takeBinaries(child.stdout, /^usr\/bin\/(etcd|etcdctl|etcdutl)$/, into, limits);
    await ended;
    return found;
  } catch (error) {
    child.kill();
    await ended;
    throw error;
  }
}

/** The name of the folder at the top of a .tar.gz; undefined when it is no such archive. */
export async function topFolder(file: string): Promise<string | undefined> {
  const { Parser } = await import("tar");
  let top: string | undefined;
  const parser = new Parser({
    onReadEntry: (entry) => {
      top ??= entry.path.replace(/^\.\//, "").split("/")[0];
      entry.resume();
    },
  });
  const packed = createReadStream(file);
  try {
    for await (const chunk of packed.pipe(createGunzip()) as AsyncIterable<Buffer>) {
      parser.write(chunk);
      if (top !== undefined) break;
    }
  } catch {
    return undefined;
  } finally {
    packed.destroy();
  }
  return top;
}

async function takeBinaries(
  plain: AsyncIterable<Buffer>, where: RegExp, into: string, limits: Limits,
): Promise<readonly BinaryName[]> {
  const { Parser } = await import("tar");
  const written = new Map<BinaryName, Promise<void>>();
  let entries = 0;
  let bytes = 0;
  const failed = new AbortController();
  const fail = (error: unknown): void => failed.abort(unusable(error));
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      entries += 1;
      const path = entry.path.replace(/^\.\//, "");
      const name = binaryNames.find((known) => known === where.exec(path)?.[1]);
      if (entries > limits.entries) fail(`it has more than ${limits.entries} entries`);
      else if (path.startsWith("/") || path.split("/").includes("..")) fail(`an entry points outside: ${path}`);
      else if (name !== undefined && entry.type !== "File" && entry.type !== "OldFile") fail(`${name} in it is a ${entry.type}`);
      else if (name !== undefined && written.has(name)) fail(`it holds ${name} twice`);
      else if (name !== undefined) {
        const file = createWriteStream(join(into, name), { flags: "wx", mode: 0o755 });
        written.set(name, pipeline(entry, file));
        written.get(name)?.catch(fail);
        return;
      }
      entry.resume();
    },
  });
  parser.on("error", fail);
  const ended = once(parser, "end", { signal: failed.signal });
  ended.catch(() => undefined);
  try {
    for await (const chunk of plain) {
      bytes += chunk.length;
      if (bytes > limits.bytes) fail(`it unpacks to more than ${limits.bytes} bytes`);
      failed.signal.throwIfAborted();
      if (!parser.write(chunk)) await once(parser, "drain", { signal: failed.signal });
    }
    parser.end();
    await ended;
    await Promise.all(written.values());
    return [...written.keys()];
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : unusable(error);
  }
}

function unusable(cause: unknown): QuorateError {
  if (cause instanceof QuorateError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const why = /unexpected end of file/i.test(text) ? "it is cut short" : text;
  return new QuorateError("E_RELEASE_ARCHIVE", `the archive cannot be used: ${why}`, { cause });
}
