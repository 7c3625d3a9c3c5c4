/** Binaries in name only. */
import type { QuorateError } from "../errors.js";
import { sha256Of } from "../plan/digest.js";
import type { Release, ReleaseFolder } from "../release/release.js";

const contentOf = ({ version, arch }: Pick<ReleaseFolder, "version" | "arch">, name: string): string =>
  `${name} ${version} ${arch}\n`;

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

  /** What there is besides, for a way between versions. */
  others: readonly string[] = [];

  async offers(): Promise<readonly string[]> {
    return [...this.others, this.newestVersion];
  }

  async cached(): Promise<readonly string[]> {
    return [this.newestVersion];
  }

  async fetch(version: string, arch: string): Promise<ReleaseFolder> {
    if (this.fault !== undefined) throw this.fault;
    this.fetched += 1;
    const binaries = (["etcd", "etcdctl", "etcdutl"] as const).map((name) => {
      const content = contentOf({ version, arch }, name);
      return { name, sha256: sha256Of(content), size: content.length };
    });
    return { version, arch, path: `/cache/${version}-${arch}`, source: "the cache", binaries };
  }

  async read(folder: ReleaseFolder, name: string): Promise<Uint8Array> {
    return new TextEncoder().encode(contentOf(folder, name));
  }
}
