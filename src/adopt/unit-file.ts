/** A systemd unit with its drop-ins → what it would start. Pure; see systemd.syntax(7) and systemd.service(5). */
import { environmentFileOf } from "./environment-file.js";
import { expanded, splitWords, type Variables } from "./unit-words.js";

export interface UnitText {
  readonly path: string;
  readonly text: string;
}

/** What a service's [Service] section says, drop-ins applied. */
export interface ServiceSection {
  /** Every assignment of a list in its order; an empty one has emptied the list. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

export interface Started {
  /** Words of the command line, variables filled in. Empty: the unit starts nothing. */
  readonly arguments: readonly string[];
  readonly environment: Variables;
  /** Variables that the command line names and nobody sets. */
  readonly unset: readonly string[];
}

/**
 * The unit file first, then its drop-ins as systemd names them.
 * @param specifiers `%p` and the like, by letter; one that is not known stays as it is
 */
export function serviceSection(
  files: readonly UnitText[],
  specifiers: Readonly<Record<string, string>> = {},
): ServiceSection {
  const values: Record<string, string[]> = {};
  for (const { text } of files) {
    let section = "";
    for (const line of logicalLines(text)) {
      const heading = /^\[(.+)\]$/.exec(line);
      if (heading !== null) section = heading[1] ?? "";
      const assignment = section === "Service" ? /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) : null;
      if (assignment === null) continue;
      const [, key = "", written = ""] = assignment;
      const value = specified(written, specifiers);
      values[key] = value === "" ? [] : [...(values[key] ?? []), value];
    }
  }
  return { values };
}

/** Environment files in their order, without the dash of those that may be absent. */
export const environmentFilesOf = ({ values }: ServiceSection): string[] =>
  (values["EnvironmentFile"] ?? []).map((path) => path.replace(/^-/, "")).filter((path) => path.startsWith("/"));

/**
 * What would be started now. Environment files win over Environment=, the later over the earlier.
 * @param textOf content of a file on the host
 */
export function startedBy(section: ServiceSection, textOf: (path: string) => string | undefined): Started {
  const lines = section.values["Environment"] ?? [];
  const own = lines.flatMap((line) => splitWords(line)).flatMap(assignmentOf);
  const files = environmentFilesOf(section).flatMap((path) => Object.entries(environmentFileOf(textOf(path) ?? "")));
  const environment = Object.fromEntries([...own, ...files]);
  const command = (section.values["ExecStart"] ?? []).at(-1) ?? "";
  const words = splitWords(command.replace(/^[-@:+!|]+/, ""));
  const unset = new Set<string>();
  const [executable, ...rest] = words;
  const filled = rest.flatMap((word) => expanded(word, environment, (name) => unset.add(name)));
  return { arguments: executable === undefined ? [] : [executable, ...filled], environment, unset: [...unset] };
}

function assignmentOf(word: string): [string, string][] {
  const at = word.indexOf("=");
  return at > 0 ? [[word.slice(0, at), word.slice(at + 1)]] : [];
}

const specified = (text: string, specifiers: Readonly<Record<string, string>>): string =>
  text.replace(/%(.)/g, (whole, letter: string) => (letter === "%" ? "%" : (specifiers[letter] ?? whole)));

/** A line that ends with a backslash goes on in the next; comments in between are left out. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let begun: string | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (/^[#;]/.test(line) || (line === "" && begun === undefined)) continue;
    const whole = begun === undefined ? line : `${begun} ${line}`;
    if (whole.endsWith("\\")) begun = whole.slice(0, -1).trimEnd();
    else {
      lines.push(whole);
      begun = undefined;
    }
  }
  return begun === undefined ? lines : [...lines, begun];
}
