/** Takes an observation's output apart. Bounded by the shell's output limit; never throws on any bytes. */

export interface Section {
  readonly key: string;
  readonly words: readonly string[];
  readonly body: Buffer;
}

/** Sections in the order in which they were printed. What stands before the first is dropped. */
export function sectionsOf(output: Buffer, nonce: string): Section[] {
  const mark = Buffer.from(`\n@${nonce} `);
  const sections: Section[] = [];
  let start = output.indexOf(mark);
  while (start >= 0) {
    const head = start + mark.length;
    const next = output.indexOf(mark, head - 1);
    const end = next < 0 ? output.length : next;
    const newline = output.indexOf("\n", head);
    const headEnd = newline < 0 || newline > end ? end : newline;
    const [key = "", ...words] = output.subarray(head, headEnd).toString("utf8").split(" ");
    sections.push({ key, words, body: output.subarray(Math.min(headEnd + 1, end), end) });
    start = next;
  }
  return sections;
}

/** Sections by key, for looking things up. */
export class Sections {
  private readonly byKey = new Map<string, Section[]>();

  constructor(sections: readonly Section[]) {
    for (const section of sections) this.byKey.set(section.key, [...(this.byKey.get(section.key) ?? []), section]);
  }

  all(key: string): readonly Section[] {
    return this.byKey.get(key) ?? [];
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  body(key: string): Buffer | undefined {
    return this.byKey.get(key)?.[0]?.body;
  }

  text(key: string): string | undefined {
    return this.body(key)?.toString("utf8");
  }

  lines(key: string): string[] {
    return (this.text(key) ?? "").split("\n").filter((line) => line !== "");
  }

  /** Text of the sections of one key, by the path that their index stands for. */
  perPath(key: string, paths: readonly string[]): Record<string, string> {
    const texts: Record<string, string> = {};
    for (const { words, body } of this.all(key)) {
      const path = paths[Number(words[0])];
      if (path !== undefined) texts[path] = body.toString("utf8");
    }
    return texts;
  }
}

/** Lines `KEY VALUE` or `KEY=VALUE` as a record; the first of a key counts. */
export function fieldsOf(lines: readonly string[], separator: " " | "="): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(separator);
    if (at > 0) fields[line.slice(0, at)] ??= line.slice(at + 1);
  }
  return fields;
}
