/** What this machine's apt is told to use: its package archives and their keys. Read, never changed. */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** One archive entry of sources.list or a *.sources file. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Further fields as deb822 names them, such as Signed-By (which may be a whole key) or Trusted. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads `apt-config dump`: lines of `Key "value";`. The last value of a key counts. */
export function parseAptConfig(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const found = /^(\S+) "(.*)";$/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) settings.set(found[1], found[2]);
  }
  return settings;
}

/** All binary archives that apt is told of, from the files that its settings name. Unreadable files are passed over. */
export async function readAptSources(settings: ReadonlyMap<string, string>): Promise<readonly AptSource[]> {
  const etc = resolve(settings.get("Dir") ?? "/", settings.get("Dir::Etc") ?? "etc/apt");
  const parts = resolve(etc, settings.get("Dir::Etc::sourceparts") ?? "sources.list.d");
  const names = (await readdir(parts).catch(() => [])).sort();
  const files = [
    resolve(etc, settings.get("Dir::Etc::sourcelist") ?? "sources.list"),
    ...names.map((name) => join(parts, name)),
  ];
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, "utf8").catch(() => "");
      return file.endsWith(".sources")
        ? parseDeb822Sources(text)
        : file.endsWith(".list")
          ? parseSourcesList(text)
          : [];
    }),
  );
  return found.flat();
}

/** Reads the one-line form: `deb [signed-by=/key.gpg] URI suite component…`. */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)\s*(?:#.*)?$/.exec(line);
    if (found?.[2] === undefined || found[3] === undefined) return [];
    const options = (found[1] ?? "").split(/\s+/).filter((option) => option.includes("="));
    const fields = options.map((option) => {
      const [name = "", ...value] = option.split("=");
      return [name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()), value.join("=")] as const;
    });
    const components = (found[4] ?? "").split(/\s+/).filter((component) => component !== "");
    return [{ uris: [found[2]], suites: [found[3]], components, fields: Object.fromEntries(fields) }];
  });
}

/** Reads the deb822 form: paragraphs of `Field: value`, continued by indented lines. */
export function parseDeb822Sources(text: string): readonly AptSource[] {
  const paragraphs = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n[ \t]*\n/);
  return paragraphs.flatMap((paragraph) => {
    const fields = new Map<string, string>();
    for (const found of paragraph.matchAll(/^([A-Za-z][A-Za-z-]*):[ \t]*(.*(?:\n[ \t]+.*)*)/gm)) {
      const name = (found[1] ?? "").toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
      fields.set(name, (found[2] ?? "").trimEnd());
    }
    const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
    const [types, uris, suites, components] = ["Types", "Uris", "Suites", "Components"].map(words);
    const enabled = !/^(no|false|0|off)$/i.test(fields.get("Enabled")?.trim() ?? "yes");
    if (!enabled || types?.includes("deb") !== true || uris === undefined || uris.length === 0) return [];
    for (const name of ["Types", "Uris", "Suites", "Components", "Enabled"]) fields.delete(name);
    return [{ uris, suites: suites ?? [], components: components ?? [], fields: Object.fromEntries(fields) }];
  });
}
