/** Durations and sizes as people write them. Every form has one meaning: "8G" has two and is refused. */

export const durationPattern = /^(\d+(\.\d+)?(ms|s|m|h|d|w|y))+$/;
export const durationForms = "a number with a unit: 100ms, 10s, 5m, 1h, 1h30m, 90d, 52w or 10y";

const durationUnits = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

/** Milliseconds; a year has 365 days. undefined when this is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d|w|y)/g)) {
    total += Number(amount) * durationUnits[unit as keyof typeof durationUnits];
  }
  return total;
}

/** As Go's time.ParseDuration reads it: no days, weeks or years. */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  for (const [unit, size] of [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
  ] as const) {
    if (milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}

/** The shortest exact form with one unit, for example 365d. */
export function formatDays(days: number): string {
  return days % 365 === 0 && days > 365 ? `${days / 365}y` : `${days}d`;
}

export const sizePattern = /^\d+(\.\d+)?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/;
export const sizeForms =
  "bytes, or a number with a unit: 512MiB or 8GiB (powers of 1024), 512MB or 8GB (powers of 1000)";

const sizeUnits = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

/** Bytes. undefined when this is not a size, or not a whole and exact number of bytes. */
export function parseSize(text: string): number | undefined {
  const [, amount, , unit = "B"] = /^(\d+(\.\d+)?)(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const bytes = Number(amount) * sizeUnits[unit as keyof typeof sizeUnits];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The largest unit that divides the size evenly, for example 8GiB. */
export function formatSize(bytes: number): string {
  if (bytes === 0) return "0";
  for (const unit of ["TiB", "GiB", "MiB", "KiB"] as const)
    if (bytes % sizeUnits[unit] === 0) return `${bytes / sizeUnits[unit]}${unit}`;
  return String(bytes);
}

/** What was probably meant by "100 ms", "8G" or "100": one line for the user. undefined when nothing can be guessed. */
export function quantityAdvice(text: string, kind: "duration" | "size"): string | undefined {
  const tight = text.replace(/\s+/g, "");
  const known = kind === "duration" ? parseDuration(tight) : parseSize(tight);
  if (tight !== text && known !== undefined && tight !== "") return `write ${tight}, without the space`;
  if (kind === "duration" && /^\d+$/.test(text)) return `write the unit: ${text}ms, ${text}s or ${text}h`;
  const short = /^(\d+)\s*([KMGT])i?$/i.exec(text);
  if (kind !== "size" || short === null) return undefined;
  const [, amount = "", letter = ""] = short;
  const [decimal, binary] = [
    `${letter.toLowerCase() === "k" ? "k" : letter.toUpperCase()}B`,
    `${letter.toUpperCase()}iB`,
  ] as const;
  const bytes = (unit: string): string => `${Number(amount) * sizeUnits[unit as keyof typeof sizeUnits]} bytes`;
  return `write ${amount}${binary} (${bytes(binary)}) or ${amount}${decimal} (${bytes(decimal)})`;
}
