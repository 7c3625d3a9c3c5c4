/**
 * Where etcd binaries come from. Every source ends in the same place: a digest checked before unpacking, a version
 * asked, one folder in the cache.
 */
export interface Release {
  /**
   * The newest patch of the newest line that the sources offer for this arch and that the rules allow. May use the
   * network.
   */
  newest(arch: string): Promise<{ version: string; source: string; warnings: readonly string[] }>;
  /** Every version that any source says it can bring, for choosing a way between two. May use the network. */
  offers(arch: string): Promise<readonly string[]>;
  /** Versions of etcd that are cached for this arch. Never uses the network. */
  cached(arch: string): Promise<readonly string[]>;
  /** Have the binaries here, from the first source that can. @throws QuorateError E_RELEASE_* */
  fetch(
    version: string,
    arch: string,
    progress?: (done: number, total: number | undefined, what: string) => void,
  ): Promise<ReleaseFolder>;
  /** One binary of a fetched release, whole. */
  read(folder: ReleaseFolder, name: string): Promise<Uint8Array>;
}

export interface ReleaseFolder {
  readonly version: string;
  readonly arch: string;
  /** Absolute local folder. */
  readonly path: string;
  /** What it came from, in words. */
  readonly source: string;
  readonly binaries: readonly {
    readonly name: "etcd" | "etcdctl" | "etcdutl";
    readonly sha256: string;
    readonly size: number;
  }[];
}
