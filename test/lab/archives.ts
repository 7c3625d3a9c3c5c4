/** Archives of etcd as an operator has them who upgrades without a network. */
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, basename, join } from "node:path";
import { etcdFolder } from "../support/etcd-binaries.js";
import { must } from "./execute.js";
import { labFolder } from "./folders.js";

/**
 * A folder with one archive per version, laid out like the official ones, made once from the binaries that the tests have.
 * They do not bear the official names, since they are not those files.
 */
export async function archivesOf(versions: readonly string[]): Promise<string> {
  const folder = join(labFolder, "archives", versions.join("+"));
  await mkdir(folder, { recursive: true });
  for (const version of versions) {
    const archive = join(folder, `etcd-${version}.tar.gz`);
    if (existsSync(archive)) continue;
    const from = etcdFolder(version);
    const top = `etcd-v${version}-linux-${process.arch === "x64" ? "amd64" : process.arch}`;
    const unfinished = join(folder, `.${version}-${process.pid}`);
    const titled = `s,^${basename(from)},${top},`;
    await must([
      "tar",
      "-C",
      dirname(from),
      "--use-compress-program=gzip -1",
      "--transform",
      titled,
      "-cf",
      unfinished,
      basename(from),
    ]);
    await rename(unfinished, archive);
  }
  return folder;
}
