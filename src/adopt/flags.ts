/** An etcd's command line, variables and configuration file → its flags, by name without dashes. Pure. */
import { everyFlag } from "../spec/flags/lines.js";
import { settingKind } from "../spec/flags/kinds.js";

/** Where a flag's value was said. */
export type Source = "command line" | "environment" | "configuration file";

export interface Flag {
  readonly value: string;
  readonly source: Source;
}

export type Flags = Readonly<Record<string, Flag>>;

/** Flags that stand without a value, besides those that settings know. */
const switches = new Set(
  `client-cert-auth peer-client-cert-auth auto-tls peer-auto-tls force-new-cluster unsafe-no-fsync enable-pprof
   peer-skip-client-san-verification experimental-peer-skip-client-san-verification experimental-enable-v2v3 version
   discovery-insecure-transport discovery-insecure-skip-tls-verify strict-reconfig-check`
    .trim()
    .split(/\s+/),
);

const isSwitch = (name: string): boolean => switches.has(name) || settingKind(name) === "flag";

/** Go's flag package: one dash or two, `=` or the next word; a switch takes no next word. @param words without the executable */
export function commandLineFlags(words: readonly string[]): Record<string, Flag> {
  const flags: Record<string, Flag> = {};
  for (let index = 0; index < words.length; index += 1) {
    const written = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(words[index] ?? "");
    if (written === null) break; // Go stops at the first word that is no flag
    const [, name = "", value] = written;
    const given = value ?? (isSwitch(name) ? "true" : (words[(index += 1)] ?? ""));
    flags[name] = { value: isSwitch(name) ? truth(given) : given, source: "command line" };
  }
  return flags;
}

const byVariable: ReadonlyMap<string, string> = new Map(
  everyFlag.map((name) => [`ETCD_${name.toUpperCase().replaceAll("-", "_")}`, name]),
);

/** Names that no etcd knows are left out, as etcd does; an empty value says nothing. */
export function environmentFlags(variables: Readonly<Record<string, string>>): Record<string, Flag> {
  const flags: Record<string, Flag> = {};
  for (const [variable, value] of Object.entries(variables)) {
    const name = byVariable.get(variable);
    if (name === undefined || value === "") continue;
    flags[name] = { value: isSwitch(name) ? truth(value) : value, source: "environment" };
  }
  return flags;
}

/** As Go's strconv.ParseBool. */
const truth = (text: string): string =>
  /^(1|t|true)$/i.test(text) ? "true" : /^(0|f|false)$/i.test(text) ? "false" : text;

/**
 * What is in force: a configuration file replaces everything else, else the command line wins (etcd refuses to start when
 * both say the same flag).
 * @param textOf content of a file on the host
 */
export function flagsInForce(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  readConfiguration: (path: string) => Flags | undefined,
): Flags {
  const said = commandLineFlags(words.slice(1));
  const file = said["config-file"]?.value ?? variables["ETCD_CONFIG_FILE"] ?? "";
  if (file !== "") return readConfiguration(file) ?? { ...environmentFlags(variables), ...said };
  return { ...environmentFlags(variables), ...said };
}

/** The configuration file that etcd is told to read. */
export const configurationFileOf = (
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
): string | undefined => {
  const path = commandLineFlags(words.slice(1))["config-file"]?.value ?? variables["ETCD_CONFIG_FILE"] ?? "";
  return path === "" ? undefined : path;
};
