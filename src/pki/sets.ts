/**
 * A set: files that belong together, such as a member's certificates and keys. Each set is a folder named after its
 * generation, made beside and renamed into place; the link `live` points at the one in use. So readers see a whole
 * old set or a whole new one.
 */
import { createHash } from "node:crypto";
import { readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { besideName, syncFolder, writeNew } from "../durable-file.js";
import { hasCode, makeFolder, readIfThere, sweep } from "./files.js";

/** File name → content. */
export type SetFiles = Readonly<Record<string, string>>;

const isCertificate = (name: string): boolean => name.endsWith(".pem") && !name.endsWith("-key.pem");

/** The first 16 hex digits of a digest over the set's certificates: an altered set has another name than its folder. */
export function generationOf(files: SetFiles): string {
  const digest = createHash("sha256");
  for (const name of Object.keys(files).filter(isCertificate).sort()) {
    digest.update(`${name}\0${String(files[name]?.length)}\0`).update(files[name] ?? "");
  }
  return digest.digest("hex").slice(0, 16);
}

/**
 * Store a set under `folder` and make it the live one. Returns its generation.
 * @param past whether sets of the past go after a day (they hold keys nobody needs) or stay
 */
export async function publishSet(folder: string, files: SetFiles, past: "sweep" | "keep" = "sweep"): Promise<string> {
  const generation = generationOf(files);
  const target = join(folder, generation);
  const temporary = besideName(target);
  try {
    await makeFolder(temporary);
    await Promise.all(Object.entries(files).map(([name, content]) => writeNew(join(temporary, name), content)));
    await syncFolder(temporary);
    await takePlace(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await pointLive(folder, generation);
  await sweep(folder, (name) => past === "sweep" && name !== generation && name !== "live");
  return generation;
}

/** A set that was in use before may be so again; what it has been made into meanwhile does not count. */
async function takePlace(temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw error;
    await rename(target, besideName(target));
    await rename(temporary, target);
  }
}

async function pointLive(folder: string, generation: string): Promise<void> {
  const link = besideName(join(folder, "live"));
  await symlink(generation, link);
  await rename(link, join(folder, "live"));
  await syncFolder(folder);
}

/** The live set, or undefined when there is none or it is not whole: a file is missing or a certificate altered. */
export async function readLive(
  folder: string,
  names: readonly string[],
): Promise<{ generation: string; files: SetFiles } | undefined> {
  const generation = await liveName(folder);
  if (generation === undefined) return undefined;
  const contents = await Promise.all(names.map((name) => readIfThere(join(folder, generation, name))));
  const files: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const content = contents[index];
    if (content === undefined) return undefined;
    files[name] = content;
  }
  return generationOf(files) === generation ? { generation, files } : undefined;
}

async function liveName(folder: string): Promise<string | undefined> {
  try {
    return basename(await readlink(join(folder, "live")));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EINVAL")) return undefined;
    throw error;
  }
}
