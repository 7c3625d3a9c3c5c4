import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findProject(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  // Compiled benches live deeper than the sources, so count nothing: walk up to the lock file.
  while (!existsSync(join(folder, "package-lock.json"))) {
    if (folder === dirname(folder)) throw new Error("the lab runs only inside a checkout of the project");
    folder = dirname(folder);
  }
  return folder;
}

/** The checkout. */
export const project = findProject();

/**
 * Root file systems and running labs. An overlay mount needs a real disk below it: where the checkout itself lies on an
 * overlay (inside a container), name another folder with QUORATE_LAB_FOLDER.
 */
export const labFolder = process.env["QUORATE_LAB_FOLDER"] ?? join(project, ".cache", "lab");
