/** A cluster file is replaced whole or not at all, and with the mode that it has. */
import { open, rename, stat } from "node:fs/promises";

export async function replaceFile(path: string, text: string): Promise<void> {
  const mode = await stat(path).then(
    (now) => now.mode & 0o777,
    () => 0o644,
  );
  const fresh = `${path}.${process.pid}.new`;
  const handle = await open(fresh, "w", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, path);
}
