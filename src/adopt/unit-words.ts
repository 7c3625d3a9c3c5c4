/** Words of a unit's line as systemd splits them, and the variables in them. */

export type Variables = Readonly<Record<string, string>>;

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", s: " ", "\\": "\\", '"': '"', "'": "'" };

/** Quotes join words and vanish; an unclosed one goes to the end of the line. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index += 1) {
    const sign = line[index] as string;
    if (sign === "\\" && index + 1 < line.length) {
      const next = line[(index += 1)] as string;
      word = (word ?? "") + (escapes[next] ?? `\\${next}`);
    } else if (quote !== undefined) {
      if (sign === quote) quote = undefined;
      else word = (word ?? "") + sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= "";
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  return word === undefined ? words : [...words, word];
}

/**
 * `${NAME}` anywhere is replaced in place; `$NAME` as a word of its own becomes as many words as its value has; `$$` is a
 * dollar sign (systemd.service(5), "Command lines").
 * @param missing told about a variable that nobody sets: systemd puts nothing in its place
 */
export function expanded(word: string, variables: Variables, missing: (name: string) => void): string[] {
  const alone = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
  if (alone !== undefined) {
    if (variables[alone] === undefined) missing(alone);
    return splitWords(variables[alone] ?? "");
  }
  return [
    word.replace(/\$(\$|\{([A-Za-z_]\w*)\})/g, (_, whole: string, name: string | undefined) => {
      if (name === undefined) return whole === "$" ? "$" : whole;
      if (variables[name] === undefined) missing(name);
      return variables[name] ?? "";
    }),
  ];
}
