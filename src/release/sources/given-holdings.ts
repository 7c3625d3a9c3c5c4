/**
 * Tells which releases lie in a folder or file that the user hands over, by their names and, for binaries, by asking
 * them.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architectures, archOfExecutable, thisArch } from "../arch.js";
import { topFolder } from "../archive.js";
import { binaryNames, headerOf, versionOf } from "../binaries.js";
import { upstreamVersion } from "../apt/debian-version.js";

/** One release found in what was given. */
export interface Holding {
  readonly kind: "binaries" | "tarball" | "packages";
  readonly version: string;
  readonly arch: string;
  readonly files: readonly string[];
}

/** @throws QuorateError E_RELEASE_GIVEN when there is nothing that can be used. */
export async function holdings(path: string): Promise<readonly Holding[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new QuorateError("E_RELEASE_GIVEN", `there is nothing at ${path}`, { where: path });
  if (path.endsWith(".zip")) {
    const next = "give the .tar.gz for Linux; the .zip archives are for other systems";
    throw new QuorateError("E_RELEASE_GIVEN", `${path} is not an archive for Linux`, { where: path, next });
  }
  const all = found.isDirectory() ? await inFolder(path) : await ofFile(path, await readdir(dirname(path)));
  if (all.length > 0) return all;
  const expected = "etcd and etcdctl, etcd-v3.5.30-linux-amd64.tar.gz, or etcd-server_*.deb with etcd-client_*.deb";
  throw new QuorateError("E_RELEASE_GIVEN", `${path} holds no etcd that quorate knows how to take`, {
    where: path,
    expected,
  });
}

async function inFolder(folder: string): Promise<readonly Holding[]> {
  const header = await headerOf(join(folder, "etcd"));
  if (header !== undefined) return binariesIn(folder, header);
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => ofFile(join(folder, name), names)))).flat();
}

async function binariesIn(folder: string, header: Uint8Array): Promise<readonly Holding[]> {
  const built = archOfExecutable(header);
  if (!("arch" in built)) {
    throw new QuorateError("E_RELEASE_ARCH", `${join(folder, "etcd")} is ${built.instead}`, { where: folder });
  }
  const present = new Set(await readdir(folder));
  const files = binaryNames.filter((name) => present.has(name)).map((name) => join(folder, name));
  const named = /^etcd-v(\d+\.\d+\.\d+)-linux-\w+$/.exec(basename(folder))?.[1];
  const version = built.arch === thisArch() ? await versionOf(join(folder, "etcd")) : named;
  if (version !== undefined) return [{ kind: "binaries", version, arch: built.arch, files }];
  throw new QuorateError(
    "E_RELEASE_GIVEN",
    `the version of the ${built.arch} binaries in ${folder} cannot be told here`,
    {
      where: folder,
      next: `call the folder as its archive does, for example etcd-v3.5.30-linux-${built.arch}, or give the archive`,
    },
  );
}

/** @param beside the names in the same folder, among which a server package finds its client package. */
async function ofFile(file: string, beside: readonly string[]): Promise<readonly Holding[]> {
  const name = basename(file);
  if (/\.(tar\.gz|tgz)$/.test(name)) return tarball(file, name);
  const server = /^etcd-server_([^_]+)_([a-z0-9]+)\.deb$/.exec(name);
  const version = server?.[1] === undefined ? undefined : upstreamVersion(decodeURIComponent(server[1]));
  if (server?.[1] === undefined || server[2] === undefined || version === undefined) return [];
  const client = name.replace("etcd-server_", "etcd-client_");
  if (!beside.includes(client)) {
    throw new QuorateError("E_RELEASE_GIVEN", `${name} holds no etcdctl, and ${client} is not beside it`, {
      where: file,
    });
  }
  const arch = architectures.find((known) => known.debian === server[2])?.name ?? server[2];
  const files = [file, join(dirname(file), client)];
  return [{ kind: "packages", version, arch, files }];
}

/** A release archive says what it holds by its name, or, where it was renamed, by the folder at its top. */
async function tarball(file: string, name: string): Promise<readonly Holding[]> {
  const titled = /^etcd-v(\d+\.\d+\.\d+)-linux-([a-z0-9]+)$/;
  const found = titled.exec(name.replace(/\.(tar\.gz|tgz)$/, "")) ?? titled.exec((await topFolder(file)) ?? "");
  if (found?.[1] === undefined || found[2] === undefined) return [];
  return [{ kind: "tarball", version: found[1], arch: found[2], files: [file] }];
}
