/** Databases saved before something that has no other way back. */
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../errors.js";
import type { SavedSnapshot } from "./ledger.js";

const suffix = ".db";

/** Named by what they are for and when they were begun, so that an older one of the same name is kept. */
export async function savedIn(folder: string): Promise<readonly SavedSnapshot[]> {
  const names = await readdir(folder).catch(() => []);
  const saved = await Promise.all(
    names
      .filter((name) => name.endsWith(suffix))
      .map(async (name) => {
        const path = join(folder, name);
        const { mtimeMs, size } = await stat(path);
        return { label: name.slice(0, -suffix.length).replace(/\.\d+$/, ""), path, at: mtimeMs, size };
      }),
  );
  return saved.sort((a, b) => a.at - b.at);
}

export async function saveIn(folder: string, label: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${label}.${Date.now()}${suffix}`);
  const part = `${path}.part`;
  const handle = await open(part, "wx", 0o600);
  try {
    for await (const blob of stream) await write(handle, blob, part);
    await handle.sync();
    await handle.close();
    await rename(part, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function write(handle: Awaited<ReturnType<typeof open>>, blob: Uint8Array, path: string): Promise<void> {
  try {
    await handle.write(blob);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new QuorateError("E_JOURNAL", `the snapshot cannot be written: ${message}`, { where: path });
  }
}
