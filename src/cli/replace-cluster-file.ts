/** A cluster file is replaced whole or not at all, with the mode that it has, and where it is when its name is a link. */
import { realpath, stat } from "node:fs/promises";
import { replaceFile } from "../durable-file.js";

export async function replaceClusterFile(path: string, text: string): Promise<void> {
  const place = await realpath(path).catch(() => path);
  const mode = await stat(place).then(
    (now) => now.mode & 0o777,
    () => 0o644,
  );
  await replaceFile(place, text, mode);
}
