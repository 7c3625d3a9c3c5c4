/**
 * Remembers for an hour which version was the newest to be had, so that trying things out does not ask the network
 * each time.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { isExactVersion } from "./versions.js";

const keptFor = 3_600_000;

/** What was remembered under this key within the last hour. */
export async function recall(root: string, key: string): Promise<{ version: string; source: string } | undefined> {
  try {
    const { version, source, at } = JSON.parse(await readFile(fileOf(root, key), "utf8")) as Record<string, unknown>;
    const age = Date.now() - Number(at);
    if (!isExactVersion(String(version)) || typeof source !== "string" || !(age >= 0 && age < keptFor))
      return undefined;
    return { version: String(version), source };
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written only means that nothing is remembered. */
export async function remember(
  root: string,
  key: string,
  { version, source }: { version: string; source: string },
): Promise<void> {
  const file = fileOf(root, key);
  try {
    await mkdir(join(root, "newest"), { recursive: true });
    await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ version, source, at: Date.now() })}\n`);
    await rename(`${file}.${process.pid}`, file);
  } catch {
    return;
  }
}

function fileOf(root: string, key: string): string {
  return join(root, "newest", `${createHash("sha256").update(key).digest("hex").slice(0, 24)}.json`);
}
