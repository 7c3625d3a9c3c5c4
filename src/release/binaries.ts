/** The programs that a release consists of, and the proof that a folder holds those of one version and architecture. */
import { open, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { QuorateError } from "../errors.js";
import { archOfExecutable, thisArch } from "./arch.js";
import { digestOf } from "./digest.js";
import { runTool } from "./tool.js";

export const binaryNames = ["etcd", "etcdctl", "etcdutl"] as const;
export type BinaryName = (typeof binaryNames)[number];

export interface Binary {
  readonly name: BinaryName;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Digests of the binaries in a folder, after proof that they are what they are said to be: the ELF header names the
 * architecture, and each binary itself its version. A binary for another architecture cannot be asked, so it must at
 * least contain the version's text.
 * @throws QuorateError E_RELEASE_ARCHIVE (one is missing), E_RELEASE_ARCH or E_RELEASE_BINARY.
 */
export async function provenBinaries(folder: string, version: string, arch: string): Promise<readonly Binary[]> {
  const binaries: Binary[] = [];
  for (const name of binaryNames) {
    const header = await headerOf(join(folder, name));
    if (header === undefined) continue;
    requireArch(name, header, arch);
    binaries.push({ name, ...(await digestOf(join(folder, name))) });
  }
  for (const name of ["etcd", "etcdctl"] as const) {
    if (binaries.some((binary) => binary.name === name)) continue;
    throw new QuorateError("E_RELEASE_ARCHIVE", `there is no ${name} in it`, { expected: "etcd and etcdctl" });
  }
  for (const { name } of binaries) await requireVersion(join(folder, name), version, arch);
  return binaries;
}

/**
 * The version that a binary for this machine says it is.
 * @throws QuorateError E_RELEASE_BINARY when it does not run.
 */
export async function versionOf(file: string): Promise<string> {
  const name = basename(file);
  const result = await runTool(file, [name === "etcd" ? "--version" : "version"], {
    environment: {},
    patience: 30_000,
  });
  const version = /^(?:etcd|etcdctl|etcdutl) version: (\S+)$/im.exec(result.stdout)?.[1];
  if (result.code === 0 && version !== undefined) return version;
  const noexec = "it may not be run from this folder (is the file system mounted noexec?)";
  const missing = "it needs a C library that this machine does not have";
  const said = result.stderr.trim().split("\n")[0] ?? "";
  const why = { EACCES: noexec, ENOENT: missing, timeout: "it did not end within 30 s" }[result.trouble ?? ""];
  throw new QuorateError(
    "E_RELEASE_BINARY",
    `${name} does not run here: ${why ?? (said || (result.trouble ?? "it prints no version"))}`,
    {
      where: file,
      expected: "the binary to print its version",
      found: why ?? `exit ${result.code ?? result.trouble}`,
    },
  );
}

async function requireVersion(file: string, version: string, arch: string): Promise<void> {
  const known = arch === thisArch() ? await versionOf(file) : undefined;
  if (known === version) return;
  if (known === undefined && (await readFile(file)).includes(version)) return;
  throw new QuorateError(
    "E_RELEASE_BINARY",
    `the ${basename(file)} in it is ${known ?? "of another version"}, not ${version}`,
    {
      expected: version,
      found: known ?? `no mention of ${version} in the binary`,
    },
  );
}

/** @throws QuorateError E_RELEASE_ARCH */
export function requireArch(name: string, header: Uint8Array, arch: string): void {
  const found = archOfExecutable(header);
  if ("arch" in found && found.arch === arch) return;
  const instead = "arch" in found ? `for ${found.arch}` : found.instead;
  throw new QuorateError("E_RELEASE_ARCH", `${name} is ${instead}, and ${arch} is wanted`, {
    expected: arch,
    found: instead,
  });
}

/** The first bytes of a file; undefined when there is no such file. */
export async function headerOf(file: string): Promise<Uint8Array | undefined> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Removes what an aborted attempt left behind. */
export async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
