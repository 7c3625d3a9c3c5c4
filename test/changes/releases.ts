/** A cache of quorate's own with just the etcd releases that a test is about, out of those that this machine has. */
import { createHash } from "node:crypto";
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisArch } from "../../src/release/arch.js";
import { cacheRoot } from "../../src/release/cache.js";
import { compareVersions, lineOf } from "../../src/release/versions.js";
import { projectCache, testRoots } from "../support/etcd-binaries.js";

const names = ["etcd", "etcdctl", "etcdutl"] as const;

/** Where a version may be: folders of the tests, then what quorate itself has got or built for this user. */
function homeOf(version: string): string | undefined {
  const own = join(cacheRoot(process.env), "releases", `${version}-${thisArch()}`);
  return [...testRoots().flatMap((root) => [join(root, version), join(root, version, "usr", "bin")]), own].find(
    (folder) => existsSync(join(folder, "etcd")),
  );
}

/** The newest patch of a line that this machine has; undefined: it has none. */
export function newestOf(line: string): string | undefined {
  const found = [...testRoots(), join(cacheRoot(process.env), "releases")]
    .flatMap((root) => (existsSync(root) ? readdirSync(root) : []))
    .flatMap((name) => /^(\d+\.\d+\.\d+)(?:-[a-z0-9]+)?$/.exec(name)?.[1] ?? [])
    .filter((version) => lineOf(version) === line && homeOf(version) !== undefined);
  return found.sort(compareVersions).at(-1);
}

/** In the words of whoever reads that a proof was not made. */
export const howToGet = `\`npm test\` builds one into ${projectCache} when Go and its modules can be had`;

/** Puts these releases into the folder, in the form in which quorate keeps what it has got. @throws Error for one that is not there */
export function fillCache(folder: string, versions: readonly string[]): void {
  for (const version of versions) {
    const from = homeOf(version);
    if (from === undefined) throw new Error(`this machine has no etcd ${version}; ${howToGet}`);
    const to = join(folder, "releases", `${version}-${thisArch()}`);
    mkdirSync(to, { recursive: true });
    const binaries = names
      .filter((name) => existsSync(join(from, name)))
      .map((name) => {
        copyFileSync(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
        const bytes = readFileSync(join(to, name));
        return { name, sha256: createHash("sha256").update(bytes).digest("hex"), size: bytes.length };
      });
    const manifest = { version, arch: thisArch(), source: "this machine's tests", binaries, archives: [] };
    writeFileSync(join(to, "manifest.json"), JSON.stringify(manifest));
  }
}
