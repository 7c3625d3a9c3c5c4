/** Binaries in name only: small files in a folder that goes when the process does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QuorateError } from "../errors.js";
import { sha256Of } from "../plan/digest.js";
import type { Release, ReleaseFolder } from "../release/release.js";

let root: string | undefined;

function rootFolder(): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), "quorate-fake-release-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  return root;
}

export class FakeRelease implements Release {
  newestVersion = "3.5.30";
  warnings: readonly string[] = [];
  /** What fetching fails with. */
  fault: QuorateError | undefined;
  fetched = 0;

  async newest(): Promise<{ version: string; source: string; warnings: readonly string[] }> {
    if (this.fault !== undefined) throw this.fault;
    return { version: this.newestVersion, source: "the cache", warnings: this.warnings };
  }

  async cached(): Promise<readonly string[]> {
    return [this.newestVersion];
  }

  async fetch(version: string, arch: string): Promise<ReleaseFolder> {
    if (this.fault !== undefined) throw this.fault;
    this.fetched += 1;
    const key = `${version}-${arch}`;
    const folder = folders.get(key) ?? makeFolder(version, arch, join(rootFolder(), key));
    folders.set(key, folder);
    return folder;
  }

  async read({ path }: ReleaseFolder, name: string): Promise<Uint8Array> {
    return readFileSync(join(path, name));
  }
}

const folders = new Map<string, ReleaseFolder>();

function makeFolder(version: string, arch: string, path: string): ReleaseFolder {
  mkdirSync(path, { recursive: true });
  const binaries = (["etcd", "etcdctl", "etcdutl"] as const).map((name) => {
    const content = `${name} ${version} ${arch}\n`;
    writeFileSync(join(path, name), content);
    return { name, sha256: sha256Of(content), size: content.length };
  });
  return { version, arch, path, source: "the cache", binaries };
}
