/** An environment.sh, read and not run: assignments with quotes and references to other variables, nothing else. */
import { QuorateError } from "../errors.js";

export interface Assigned {
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/;
const word = /^\s*(?:export\s+)?[A-Za-z_]\w*\s*(?:#.*)?$/;

/**
 * Only the wanted names are evaluated, so that a file may hold anything else besides.
 * @param outer variables that the file may refer to, such as HOME.
 * @throws QuorateError E_ENVIRONMENT when a wanted value needs a shell to be known.
 */
export function parseEnvironmentFile(
  text: string,
  file: string,
  wanted: readonly string[],
  outer: Readonly<Record<string, string | undefined>> = {},
): Record<string, Assigned> {
  const raw = new Map<string, { text: string; line: number }>();
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((line, index) => {
      const found = assignment.exec(line);
      if (found !== null && !word.test(line)) raw.set(found[1] ?? "", { text: found[2] ?? "", line: index + 1 });
    });
  const evaluate = (name: string, asking: readonly string[]): string => {
    const given = raw.get(name);
    if (given === undefined || asking.includes(name)) return outer[name] ?? "";
    return evaluateWord(given.text, { file, line: given.line, name }, (other) => evaluate(other, [...asking, name]));
  };
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const given = raw.get(name);
      return given === undefined ? [] : [[name, { value: evaluate(name, []), line: given.line }]];
    }),
  );
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** One word of shell: '…' as it is, "…" and bare text with $NAME and ${NAME} replaced. */
function evaluateWord(text: string, place: Place, value: (name: string) => string): string {
  const parts = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\;&|<>()#]|(?<=\S)#|\\.)+)/y;
  let result = "";
  let at = 0;
  while (at < text.length) {
    parts.lastIndex = at;
    const found = parts.exec(text);
    if (found === null) break;
    const [whole, single, double, bare] = found;
    result += single ?? expand((double ?? bare ?? "").replace(/\\(.)/g, "$1"), place, value);
    at += whole.length;
  }
  const rest = text.slice(at).trim();
  if (rest !== "" && !rest.startsWith("#") && !/^;\s*(#.*)?$/.test(rest)) throw needsShell(place, text);
  return result;
}

function expand(text: string, place: Place, value: (name: string) => string): string {
  if (/`|\$\(|\$\{[^}]*[^\w}][^}]*\}/.test(text)) throw needsShell(place, text);
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) =>
    value(braced ?? bare ?? ""),
  );
}

function needsShell({ file, line, name }: Place, text: string): QuorateError {
  return new QuorateError("E_ENVIRONMENT", `${name} needs a shell to be known, and quorate runs none`, {
    where: file,
    line,
    column: 1,
    expected: "text, quotes, $NAME and ${NAME}",
    found: text.trim(),
    next: `source the file and run \`quorate init\` there, or write the value of ${name} itself`,
  });
}
