import type { Advice } from "../../advise/advice.js";
import { lineOf } from "../../release/versions.js";
import { isDefault } from "../defaults.js";
import type { Flags } from "../flags.js";
import { valueOf, type Live } from "../found.js";

/** The files were changed after the start, and the next start, whoever causes it, will take the change up. */
export function pending({ written, flags, process, status }: Live): Omit<Advice, "member">[] {
  if (written === undefined || process === undefined) return [];
  const line = lineOf(status.version);
  const value = (side: Flags, name: string): string => {
    const said = valueOf(side, name) ?? "";
    return isDefault(line, name, said) ? "" : said;
  };
  const names = [...new Set([...Object.keys(written), ...Object.keys(flags)])].filter((name) => {
    // What systemd alone can fill in is not known here.
    const later = value(written, name);
    return later !== value(flags, name) && !/%[A-Za-z]/.test(later) && name !== "config-file";
  });
  if (names.length === 0) return [];
  const told = names.map(
    (name) => `${name} ${value(flags, name) || "not given"}, on disk ${value(written, name) || "not given"}`,
  );
  return [
    {
      ...{
        id: "pending-change",
        severity: "critical",
        what: `runs with other settings than its files say: ${told.join("; ")}`,
      },
      why: "any restart, whoever causes it, changes how it behaves",
      ...{ do: "find out which of the two is meant; quorate goes by what runs", source: "quorate" },
    },
  ];
}
