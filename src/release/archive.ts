/** The kinds of archive that etcd comes in: the official .tar.gz, and Debian packages. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { BinaryName } from "./binaries.js";
import { isDiskTrouble } from "./disk.js";
import { endGroup, spawnInOwnGroup } from "./own-group.js";
import { generous, takeBinaries, unusable, type Limits } from "./take-binaries.js";

/** Unpacks a release archive (.tar.gz): the binaries lie in one folder at its top, or at the top itself. */
export async function unpackTarball(
  file: string,
  into: string,
  limits: Limits = generous,
): Promise<readonly BinaryName[]> {
  const plain = createGunzip();
  const [, found] = await Promise.all([
    pipeline(createReadStream(file), plain).catch((error: unknown) => Promise.reject(unusable(error))),
    takeBinaries(plain, /^(?:[^/]+\/)?(etcd|etcdctl|etcdutl)$/, into, limits),
  ]);
  return found;
}

/** Unpacks a Debian package with dpkg-deb, which need not be root: the binaries lie in usr/bin. */
export async function unpackPackage(
  file: string,
  into: string,
  environment: NodeJS.ProcessEnv = process.env,
  limits: Limits = generous,
): Promise<readonly BinaryName[]> {
  const child = spawnInOwnGroup("dpkg-deb", ["--fsys-tarfile", file], { env: environment });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-400)));
  const trouble = new Promise<string | undefined>((resolve) => {
    child.on("error", () => resolve("dpkg-deb, which unpacks Debian packages, is not installed"));
    child.on("close", (code) => resolve(code === 0 ? undefined : `dpkg-deb exited ${code}: ${said.trim()}`));
  });
  const taken = await takeBinaries(child.stdout, /^usr\/bin\/(etcd|etcdctl|etcdutl)$/, into, limits).catch(
    (error: Error) => error,
  );
  // Where dpkg-deb itself has failed, its words say more than those of whoever read its unfinished output.
  const ours = !child.stdout.readableEnded;
  if (ours) endGroup(child);
  const why = await trouble;
  if (taken instanceof Error) throw ours || why === undefined || isDiskTrouble(taken) ? taken : unusable(why);
  if (why !== undefined) throw unusable(why);
  return taken;
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
