/**
 * The `manifest` of a release folder: one line `SHA256 SIZE MTIME NAME` per binary, written on the host when they were
 * verified. As long as sizes and times are as it says, nobody needs to hash binaries again.
 */
import { createHash } from "node:crypto";

export interface ManifestEntry {
  readonly sha256: string;
  readonly size: string;
  /** As `stat -c %.Y` prints it. */
  readonly mtime: string;
  readonly name: string;
}

/** What a release is, whoever holds it: depends on the binaries' names and digests only. 64 hex digits. */
export function manifestDigest(binaries: readonly { readonly name: string; readonly sha256: string }[]): string {
  const lines = binaries.map(({ name, sha256 }) => `${sha256} ${name}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** undefined when the text is not a manifest. */
export function parseManifest(text: string): ManifestEntry[] | undefined {
  const entries: ManifestEntry[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const match = /^([0-9a-f]{64}) (\d{1,15}) ([0-9.]{1,32}) ([^/\s]{1,100})$/.exec(line);
    if (match === null) return undefined;
    const [, sha256 = "", size = "", mtime = "", name = ""] = match;
    entries.push({ sha256, size, mtime, name });
  }
  return entries.length === 0 ? undefined : entries;
}

/**
 * @param manifest content of the manifest
 * @param files lines `SIZE MTIME OCTAL-MODE NAME` of what is in the folder now
 * @returns the release's digest, or "damaged" when a binary is missing, changed or cannot be executed
 */
export function judgeRelease(manifest: string, files: string): string {
  const entries = parseManifest(manifest);
  if (entries === undefined) return "damaged";
  const now = new Map(files.split("\n").map((line) => [line.split(" ").slice(3).join(" "), line]));
  for (const { size, mtime, name } of entries) {
    const [sizeNow, mtimeNow, mode = "0"] = (now.get(name) ?? "").split(" ");
    if (sizeNow !== size || mtimeNow !== mtime || (Number.parseInt(mode, 8) & 0o111) === 0) return "damaged";
  }
  return manifestDigest(entries);
}
