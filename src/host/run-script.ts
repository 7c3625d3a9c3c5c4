/** The run script of a local member: what a unit file is to systemd. Pure: a value in, text out. */
import { quote, quotePath } from "./quote.js";

export interface RunScriptValue {
  /** The executable's absolute path and its arguments, unquoted. */
  readonly execStart: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A file of further NAME=VALUE lines, taken as they are; may be absent. */
  readonly environmentFile: string | undefined;
  readonly workingDirectory: string;
}

/** @throws QuorateError E_HOST_VALUE for a NUL or an unusable path */
export function renderRunScript(run: RunScriptValue): string {
  const environment = Object.entries(run.environment).map(([name, value]) => quote(`${name}=${value}`));
  const words = [...environment, ...run.execStart.map(quote)].join(" \\\n  ");
  return `${[
    "#!/bin/sh",
    "# Written by quorate; it is replaced whenever the cluster file asks for something else.",
    "umask 077",
    `cd ${quotePath(run.workingDirectory)} || exit 1`,
    ...(run.environmentFile === undefined ? [] : readAssignments(run.environmentFile)),
    `exec env \\\n  ${words}`,
  ].join("\n")}\n`;
}

/** Lines NAME=VALUE become variables; nothing in them is expanded or executed. */
const readAssignments = (path: string): string[] => [
  `if [ -r ${quotePath(path)} ]; then`,
  '  while IFS= read -r line; do case $line in [A-Z]*=*) export "$line" ;; esac; done <' + quotePath(path),
  "fi",
];
