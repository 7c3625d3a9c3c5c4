/** Folders that a test has for itself and that go away with it. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { thisArch } from "../../../src/release/arch.js";
import { binariesOf } from "./tarball.js";
import { tinyBinary } from "./tiny-elf.js";

export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "quorate-release-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts tiny binaries of this version into a folder, which is made. */
export async function putBinaries(folder: string, version: string, arch = thisArch()): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of binariesOf(version)) {
    await writeFile(join(folder, name), tinyBinary(name, version, arch));
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

/** Puts a program made of a shell script into a folder that can stand first on PATH. */
export async function putProgram(folder: string, name: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}
