/** Where a JSON text breaks: JSON.parse itself often does not say. */

const marks = "[[\\]{},:]";
const strings = String.raw`"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const scalars = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`;
const token = new RegExp(`(${marks})|(${strings})|(${scalars})`, "uy");
const blank = /[ \t\r\n]*/y;

type Wanted = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "nothing";

/** The offset of the first thing that is not JSON, or undefined when all is. */
export function brokenAt(text: string): number | undefined {
  const open: ("[" | "{")[] = [];
  let wanted: Wanted = "value";
  const afterValue = (): Wanted => (open.length === 0 ? "nothing" : ", or end");
  for (let offset = 0; ;) {
    blank.lastIndex = offset;
    offset += blank.exec(text)?.[0].length ?? 0;
    if (offset === text.length) return wanted === "nothing" ? undefined : offset;
    token.lastIndex = offset;
    const [whole = "", mark, string, scalar] = token.exec(text) ?? [];
    const inside = open.at(-1);
    const wantsValue: boolean = wanted === "value" || wanted === "value or ]";
    if (wantsValue && (string !== undefined || scalar !== undefined)) wanted = afterValue();
    else if (wantsValue && (mark === "[" || mark === "{")) {
      open.push(mark);
      wanted = mark === "[" ? "value or ]" : "key or }";
    } else if ((wanted === "key" || wanted === "key or }") && string !== undefined) wanted = ":";
    else if (wanted === ":" && mark === ":") wanted = "value";
    else if (wanted === ", or end" && mark === ",") wanted = inside === "[" ? "value" : "key";
    else if (
      (mark === "]" && inside === "[" && wanted !== "value") ||
      (mark === "}" && inside === "{" && closes(wanted))
    ) {
      open.pop();
      wanted = afterValue();
    } else return offset;
    offset += whole.length;
  }
}

const closes = (wanted: Wanted): boolean => wanted === "key or }" || wanted === ", or end";
