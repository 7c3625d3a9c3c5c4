import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../durable-file.js";
import { QuorateError } from "../errors.js";
import { hasCode, makeFolder } from "./files.js";
import { throwAny } from "./problems.js";

/**
 * Put files where the operator wants them, for the owner alone. A file that is there with the same content stays.
 * @returns absolute paths
 * @throws QuorateError E_TLS_EXISTS, before anything is written
 */
export async function exportFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const missing = new Map<string, Uint8Array>();
  const problems: QuorateError[] = [];
  for (const [name, content] of files) {
    const path = join(folder, name);
    const there = await readFile(path).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (there === undefined) missing.set(path, content);
    else if (!there.equals(content)) {
      problems.push(
        new QuorateError("E_TLS_EXISTS", `${path}: is already there with another content`, { where: path }),
      );
    }
  }
  throwAny(problems);
  await makeFolder(folder);
  for (const [path, content] of missing) await replaceFile(path, content);
  return [...files.keys()].map((name) => join(folder, name));
}
