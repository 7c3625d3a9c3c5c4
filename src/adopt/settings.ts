/** The flags of members that run → the settings of one file, which say for all members what each says now. Pure. */
import { forbiddenFlag } from "../spec/flags/forbidden.js";
import { everyFlag, flagsOf } from "../spec/flags/lines.js";
import { lineOf } from "../release/versions.js";
import type { Problem } from "../plan/plan.js";
import { isDefault } from "./defaults.js";
import type { Flags } from "./flags.js";
import { nameOf, type Found } from "./found.js";

export interface Settled {
  readonly settings: Readonly<Record<string, string>>;
  /** Settings in which the members are not alike; refused unless one of them was named to go by. */
  readonly problems: readonly Problem[];
}

/** @param like the member whose settings are to be everybody's; undefined: all must be alike */
export function settingsOf(members: readonly Found[], version: string, like: string | undefined): Settled {
  const each = members.map((member) => ({ name: nameOf(member), settings: ownSettings(member.flags, version) }));
  const names = [...new Set(each.flatMap(({ settings }) => Object.keys(settings)))].sort();
  const model = each.find(({ name }) => name === like) ?? each[0];
  const problems = names.flatMap((name): Problem[] => {
    const values = new Set(each.map(({ settings }) => settings[name]));
    if (values.size < 2) return [];
    const found = each.map((one) => `${one.name}: ${one.settings[name] ?? "not given"}`).join(", ");
    return [
      {
        code: "E_ADOPT_DIFFERS",
        member: undefined,
        message: `the members have different values of ${name}, and the file can say only one`,
        severity: like === undefined ? "refuse" : "warn",
        found,
        next:
          like === undefined
            ? "make them alike, or name the member to go by with --settings-of MEMBER"
            : `the first change gives every member what ${like} has`,
      },
    ];
  });
  return { settings: model?.settings ?? {}, problems };
}

/** A variable of another version: etcd passes over it, where a flag of another version would keep it from starting. */
export const isIgnored = (name: string, version: string): boolean => !flagsOf(version).includes(name);

/** What is no default, no matter of other parts of the file, and known to etcd. */
function ownSettings(flags: Flags, version: string): Record<string, string> {
  const mode = flags["auto-compaction-mode"]?.value ?? "periodic";
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, { value, source }]) => {
      if (forbiddenFlag(name) !== undefined || !everyFlag.includes(name)) return [];
      if (source === "environment" && isIgnored(name, version)) return [];
      if (isDefault(lineOf(version), name, value)) return [];
      // etcd takes a bare number for hours, and the file wants that said.
      const hours = name === "auto-compaction-retention" && mode === "periodic" && /^\d+$/.test(value);
      return [[name, hours ? `${value}h` : value]];
    }),
  );
}
