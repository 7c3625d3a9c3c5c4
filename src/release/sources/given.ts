/**
 * What the user hands over, for machines without a network: a folder of binaries, a folder of archives or packages
 * named as their makers name them, one release archive, or one Debian package (with its partner beside it).
 */
import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architecture } from "../arch.js";
import { unpackPackage, unpackTarball } from "../archive.js";
import { catalogued } from "../catalogue.js";
import { digestOf, parseChecksums, requireDigest } from "../digest.js";
import { isDiskTrouble } from "../disk.js";
import { seenDigestOf } from "../seen-digest.js";
import { holdings, type Holding } from "./given-holdings.js";
import type { Obtained, Order, Source } from "./source.js";

/**
 * @param path absolute path of the folder, archive or package. Where it holds another version or architecture than is
 * asked for, the next source may be tried; where it cannot be used at all, the search ends, since the user meant it.
 * @param root quorate's cache folder
 */
export function givenSource(path: string, root: string): Source {
  return {
    name: "given",
    async offers(arch) {
      const all = await reading(path, () => holdings(path));
      return all.filter((holding) => holding.arch === arch).map((holding) => holding.version);
    },
    identity: (version, arch) => reading(path, () => identityOf(path, root, version, arch)),
    obtain: (order) => reading(path, () => obtain(path, order)),
  };
}

async function identityOf(path: string, root: string, version: string, arch: string): Promise<string | undefined> {
  const holding = (await holdings(path)).find((one) => one.version === version && one.arch === arch);
  if (holding === undefined) return undefined;
  const digests = await Promise.all(holding.files.map(async (file) => (await seenDigestOf(root, file, false)).sha256));
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}

/** Trouble with reading what was given is not trouble of the cache. */
async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const at = isDiskTrouble(error) ? error.path : undefined;
    if (at === undefined || !at.startsWith(path)) throw error;
    throw new QuorateError("E_RELEASE_GIVEN", `${at} cannot be read by this user`, { where: path, cause: error });
  }
}

async function obtain(path: string, order: Order): Promise<Obtained> {
  const { version, arch, into, progress } = order;
  const all = await holdings(path);
  const holding = all.find((one) => one.version === version && one.arch === arch);
  if (holding === undefined) throw lacking(path, all, version, arch);
  progress(0, undefined, `reading ${path}`);
  const archives = [];
  for (const file of holding.files) {
    const { sha256 } = await digestOf(file);
    const name = basename(file);
    if (holding.kind === "binaries") await copyFile(file, join(into, name));
    else {
      for (const expected of await expectations(file)) requireDigest(name, sha256, expected);
      archives.push({ name, sha256 });
      await (holding.kind === "tarball" ? unpackTarball(file, into) : unpackPackage(file, into));
    }
  }
  return { source: `given: ${path}`, archives };
}

/** Digests that a given archive must have: pinned in quorate, and written in SHA256SUMS beside it. */
async function expectations(file: string): Promise<readonly { sha256: string; by: string }[]> {
  const sums = await readFile(join(dirname(file), "SHA256SUMS"), "utf8").then(parseChecksums, () => undefined);
  const beside = sums?.get(basename(file));
  const pinned = catalogued(basename(file));
  return [
    ...(pinned === undefined ? [] : [{ sha256: pinned, by: "quorate's catalogue" }]),
    ...(beside === undefined ? [] : [{ sha256: beside, by: "SHA256SUMS beside it" }]),
  ];
}

function lacking(path: string, all: readonly Holding[], version: string, arch: string): QuorateError {
  const held = all.map((holding) => `${holding.version} for ${holding.arch}`).join(", ");
  const code = all.some((holding) => holding.version === version) ? "E_RELEASE_ARCH" : "E_RELEASE_UNREACHABLE";
  return new QuorateError(code, `${path} holds etcd ${held}, and ${version} for ${arch} is wanted`, {
    where: path,
    expected: `${version} for ${architecture(arch).name}`,
    found: held,
  });
}
