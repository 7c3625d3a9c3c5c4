/**
 * What a role may do, as one line of text: `readwrite /app/*` (a prefix), `read /config` (one key), `read a .. c` (from a,
 * before c), `read a ..` (from a on), `write *` (everything). Every grant has exactly one text, so that two can be compared.
 */

/** Keys are strings of bytes: one character, 0 to 255, for each. `end`: as etcd's range_end. */
export interface Grant {
  readonly kind: "read" | "write" | "readwrite";
  readonly key: string;
  /** "": this key alone. "\0": everything from the key on. */
  readonly end: string;
}

const form = /^(readwrite|read|write) +(\S.*)$/;
const everything = "\0";

/** undefined when the text is none. */
export function parseGrant(text: string): Grant | undefined {
  const [, kind, what = ""] = form.exec(text.trim()) ?? [];
  if (kind !== "read" && kind !== "write" && kind !== "readwrite") return undefined;
  if (what.startsWith(".. ")) return undefined;
  const range = / +\.\.(?: +|$)/.exec(what);
  if (range !== null) {
    const [from, to] = [what.slice(0, range.index), what.slice(range.index + range[0].length)].map(bytesOf);
    if (from === undefined || to === undefined || from === "") return undefined;
    if (to !== "" && to <= from) return undefined;
    return { kind, key: from, end: to === "" ? everything : to };
  }
  const isPrefix = /(^|[^\\])(\\\\)*\*$/.test(what);
  const key = bytesOf(isPrefix ? what.slice(0, -1) : what);
  if (key === undefined) return undefined;
  if (isPrefix && key === "") return { kind, key: everything, end: everything };
  return { kind, key, end: isPrefix ? prefixEnd(key) : "" };
}

export function grantText({ kind, key, end }: Grant): string {
  if (end === "") return `${kind} ${textOf(key)}`;
  if (key === everything && end === everything) return `${kind} *`;
  if (end === everything && prefixEnd(key) !== everything) return `${kind} ${textOf(key)} ..`;
  return end === prefixEnd(key) ? `${kind} ${textOf(key)}*` : `${kind} ${textOf(key)} .. ${textOf(end)}`;
}

/** The first key behind all with this prefix; "\0" when there is none. */
function prefixEnd(prefix: string): string {
  const kept = prefix.replace(/\u00ff+$/, "");
  if (kept === "") return everything;
  return kept.slice(0, -1) + String.fromCharCode(kept.charCodeAt(kept.length - 1) + 1);
}

/** `\xNN` stands for a byte, `\\` and `\*` for themselves; anything else for its UTF-8. */
function bytesOf(text: string): string | undefined {
  if (/\\(?!x[0-9a-fA-F]{2}|[\\*])/.test(text.replaceAll("\\\\", ""))) return undefined;
  const parts = text.match(/\\x[0-9a-fA-F]{2}|\\[\\*]|[^\\]+/g) ?? [];
  return parts
    .map((part) => {
      if (part.startsWith(String.raw`\x`)) return String.fromCharCode(Number.parseInt(part.slice(2), 16));
      return part.startsWith("\\") ? part.slice(1) : Buffer.from(part).toString("latin1");
    })
    .join("");
}

function textOf(bytes: string): string {
  const raw = Buffer.from(bytes, "latin1");
  const text = raw.toString("utf8");
  const exact = Buffer.from(text).equals(raw) ? [...text] : [...bytes].map((byte) => (byte > "~" ? hex(byte) : byte));
  return exact
    .map((one) => {
      if (one === "\\" || one === "*") return `\\${one}`;
      return one <= " " || /^[\p{Cc}\p{Z}]$/u.test(one)
        ? [...Buffer.from(one).toString("latin1")].map(hex).join("")
        : one;
    })
    .join("");
}

const hex = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`;
