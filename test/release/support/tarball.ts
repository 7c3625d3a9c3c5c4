/** Archives as release makers write them, and as an enemy would. */
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { tinyBinary } from "./tiny-elf.js";

export interface Entry {
  readonly path: string;
  readonly body?: Buffer;
  readonly type?: "File" | "SymbolicLink" | "Link" | "Directory";
  readonly linkpath?: string;
}

/** An uncompressed tar of these entries. */
export function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, body = Buffer.alloc(0), type = "File", linkpath }) => {
    const block = Buffer.alloc(512);
    const link = linkpath === undefined ? {} : { linkpath };
    new Header({ path, mode: 0o755, uid: 0, gid: 0, size: body.length, mtime: new Date(0), type, ...link }).encode(
      block,
    );
    return [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tarball(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

export function binariesOf(version: string): readonly string[] {
  return version.startsWith("3.4.") ? ["etcd", "etcdctl"] : ["etcd", "etcdctl", "etcdutl"];
}

/** A release archive as the official site has it. */
export function releaseTarball(version: string, arch: string): Buffer {
  const top = `etcd-v${version}-linux-${arch}`;
  return tarball([
    { path: `${top}/`, type: "Directory" },
    { path: `${top}/Documentation/README.md`, body: Buffer.from("etcd\n") },
    { path: `${top}/README-etcdctl.md`, body: Buffer.from("etcdctl\n") },
    ...binariesOf(version).map((name) => ({ path: `${top}/${name}`, body: tinyBinary(name, version, arch) })),
  ]);
}
