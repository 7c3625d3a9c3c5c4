/** Plain mappings, lists and text → lines of YAML that the cluster file's reader reads back unchanged. */

export type Emittable = string | undefined | readonly Emittable[] | { readonly [key: string]: Emittable };

/** Lines of `key: value`. Values that say nothing (undefined, empty lists and mappings) are left out, members aside. */
export function emitEntry(key: string, value: Emittable, depth: number): string[] {
  const label = `${"  ".repeat(depth)}${scalar(key)}:`;
  if (value === undefined) return [];
  if (typeof value === "string") return [`${label} ${scalar(value)}`];
  if (isList(value)) return value.length === 0 ? [] : [label, ...value.flatMap((item) => emitItem(item, depth + 1))];
  const inner = emitMapping(value, depth + 1, key === "members");
  return inner.length === 0 ? [] : [label, ...inner];
}

function emitMapping(value: { readonly [key: string]: Emittable }, depth: number, keepEmpty: boolean): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const lines = emitEntry(key, inner, depth);
    return lines.length === 0 && keepEmpty ? [`${"  ".repeat(depth)}${scalar(key)}:`] : lines;
  });
}

function emitItem(item: Emittable, depth: number): string[] {
  const dash = `${"  ".repeat(depth)}- `;
  if (typeof item === "string") return [`${dash}${scalar(item)}`];
  if (item === undefined || isList(item)) return [];
  const lines = emitMapping(item, depth + 1, false);
  return lines.map((line, index) => (index === 0 ? `${dash}${line.trimStart()}` : line));
}

/** Plain where every YAML reader reads the same text, quoted otherwise. `${NAME}` is kept from being replaced. */
export function scalar(text: string): string {
  const kept = text.replace(/\$\{[^}]*\}/g, (whole) => `$${whole}`);
  const plain = /^[A-Za-z0-9/.]([A-Za-z0-9_./@+=%,:*-]*[A-Za-z0-9_./@+=%*-])?( [A-Za-z0-9_./@+=%*-]+)*$/.test(kept);
  return plain && !/^(null|yes|no|y|n|on)$/i.test(kept) ? kept : JSON.stringify(kept);
}

const isList = (value: Emittable): value is readonly Emittable[] => Array.isArray(value);
