/** Files that come with the package, wherever its code was compiled or bundled to. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "./errors.js";

let root: string | undefined;

/** Absolute path of a file of the package, by its path in there. */
export function packageFile(...path: readonly string[]): string {
  root ??= rootAbove(dirname(fileURLToPath(import.meta.url)));
  return join(root, ...path);
}

/** The nearest folder with a package.json that has quorate's name: others only say how files are to be loaded. */
function rootAbove(folder: string): string {
  if (nameIn(join(folder, "package.json")) === "quorate") return folder;
  const above = dirname(folder);
  invariant(above !== folder, "quorate's own package.json is not above its code");
  return rootAbove(above);
}

function nameIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
