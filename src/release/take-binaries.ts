/**
 * Takes etcd's binaries out of an archive, and nothing else. Only files of exactly the expected names are written,
 * under those names, so that nothing in an archive decides where on the disk something lands.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { QuorateError } from "../errors.js";
import { binaryNames, type BinaryName } from "./binaries.js";
import { isDiskTrouble } from "./disk.js";

export interface Limits {
  /** Bytes that an archive may unpack to. etcd 3.6 unpacks to about 80 MB. */
  readonly bytes: number;
  readonly entries: number;
}

export const generous: Limits = { bytes: 1 << 30, entries: 10_000 };

/**
 * @param plain an uncompressed tar.
 * @param where matches the path of a binary; its first group is the name.
 * @returns the names of those written.
 * @throws QuorateError E_RELEASE_ARCHIVE, also for links, paths outside the archive, and more than the limits.
 */
export async function takeBinaries(
  plain: AsyncIterable<Buffer>,
  where: RegExp,
  into: string,
  limits: Limits,
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
      else if (name !== undefined && entry.type !== "File" && entry.type !== "OldFile")
        fail(`${name} in it is a ${entry.type}`);
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

/** Any failure to read an archive, in a user's words. Trouble of our own disk passes as it is. */
export function unusable(cause: unknown): Error {
  if (cause instanceof QuorateError || isDiskTrouble(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const why = /unexpected end of file/i.test(text) ? "it is cut short" : text;
  return new QuorateError("E_RELEASE_ARCHIVE", `the archive cannot be used: ${why}`, { cause });
}
