/** etcd settings: known to the version, not quorate's own, not dangerous, and of a form that etcd takes. */
import { isExactVersion } from "../../release/versions.js";
import { forbiddenFlag } from "../flags/forbidden.js";
import { settingKind, settingValue, type SettingKind } from "../flags/kinds.js";
import { everyFlag, firstPatchWith, flagsOf, linesWith } from "../flags/lines.js";
import { spellingIn } from "../flags/renamed.js";
import { durationForms, quantityAdvice, sizeForms } from "../quantities.js";
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import { settingText } from "../resolve/settings.js";
import { nearest } from "../text/nearest.js";

export function settings({ file }: Candidate): Problem[] {
  const { version, settings: written = {} } = file.etcd ?? {};
  const known = version !== undefined && isExactVersion(version) ? version : undefined;
  return Object.entries(written).flatMap(([name, value]) => {
    const path = ["etcd", "settings", name];
    const problem = judgeFlag(name, known) ?? judgeValue(name, settingText(value), written);
    return problem === undefined ? [] : [{ ...problem, path }];
  });
}

type Judged = Omit<Problem, "path">;

/** Whether a flag may be set in a cluster of this version; undefined version: of any. */
export function judgeFlag(name: string, version: string | undefined): Judged | undefined {
  const base = { code: "E_SPEC_SETTING", found: quoted(name), atKey: true } as const;
  const forbidden = forbiddenFlag(name);
  if (forbidden !== undefined)
    return {
      ...base,
      code: "E_SPEC_FORBIDDEN",
      message: `\`${name}\` ${forbidden.why}`,
      expected: "a setting that is not quorate's own",
      next: forbidden.instead,
    };
  if (name.startsWith("-"))
    return {
      ...base,
      message: `\`${name}\` is written with dashes in front`,
      expected: "the flag's name",
      next: `write ${name.replace(/^-+/, "")}`,
    };
  const lines = linesWith(name);
  if (version === undefined)
    return lines.length === 0
      ? unknown(name, everyFlag, "etcd")
      : lines.includes("3.7")
        ? undefined
        : onlyOld(name, lines);
  const known = flagsOf(version);
  if (known.includes(name)) return undefined;
  const now = spellingIn(version, name);
  if (now !== undefined)
    return {
      ...base,
      message: `etcd ${version} has no flag \`${name}\`; it is called \`${now}\` there`,
      expected: now,
      next: `write ${now.includes(":") ? now : `\`${now}\``}`,
    };
  if (lines.length === 0) return unknown(name, known, `etcd ${version}`);
  if (name === "feature-gates")
    return {
      ...base,
      message: `etcd ${version} has no feature gates yet`,
      expected: "flags",
      next: "write each as a flag, for example `experimental-initial-corrupt-check: true`",
    };
  const first = firstPatchWith(name, version);
  const where = first === undefined ? lines.join(", ") : `${first} and later`;
  return {
    ...base,
    message: `etcd ${version} has no flag \`${name}\``,
    expected: `a flag of etcd ${version}`,
    next: `remove it, or use ${where}, where it exists`,
  };
}

function unknown(name: string, known: readonly string[], etcd: string): Judged {
  const meant = nearest(name, known);
  const next = meant === undefined ? "remove it; `etcd --help` lists the flags" : `did you mean \`${meant}\`?`;
  return {
    code: "E_SPEC_SETTING",
    atKey: true,
    found: quoted(name),
    message: `${etcd} has no flag \`${name}\``,
    expected: meant ?? "a flag of etcd",
    next,
  };
}

const onlyOld = (name: string, lines: readonly string[]): Judged => ({
  code: "E_SPEC_SETTING",
  severity: "warning",
  atKey: true,
  found: quoted(name),
  message: `only etcd ${lines.join(", ")} has the flag \`${name}\`, and the file names no version`,
  expected: "a flag of every line, or a version",
  next: "write `etcd.version`",
});

function judgeValue(name: string, value: string, written: Readonly<Record<string, unknown>>): Judged | undefined {
  const kind = settingKind(name);
  const base = { code: "E_SPEC_SETTING", found: quoted(value) } as const;
  const retention = kind === "retention" && written["auto-compaction-mode"] !== "revision";
  if (retention && /^[1-9]\d*$/.test(value)) {
    const message = `\`${name}: ${value}\` has no unit, and etcd would take it for hours`;
    return {
      ...base,
      message,
      expected: durationForms,
      next: `write ${value}h or ${value}m, or \`auto-compaction-mode: revision\``,
    };
  }
  const judgedAsQuota = name === "quota-backend-bytes" && value.startsWith("-");
  if (judgedAsQuota || (settingValue(name, value) !== undefined && value !== "")) return undefined;
  const expected = kind === undefined ? "a value" : inWords(kind);
  const meant = typeof kind === "string" ? undefined : nearest(value, kind ?? []);
  const next =
    typeof kind === "string" ? advice(kind, value) : meant === undefined ? undefined : `did you mean \`${meant}\`?`;
  return { ...base, message: `${name} cannot be ${quoted(value)}`, expected, ...(next === undefined ? {} : { next }) };
}

function advice(kind: SettingKind, value: string): string | undefined {
  const [first = ""] =
    kind === "flag" ? [/^(yes|on|1)$/i.test(value) ? "true" : /^(no|off|0)$/i.test(value) ? "false" : ""] : [];
  if (first !== "") return `write ${first}`;
  return quantityAdvice(value, kind === "bytes" ? "size" : "duration");
}

function inWords(kind: SettingKind): string {
  if (typeof kind !== "string") return kind.join(", ");
  if (kind === "bytes") return sizeForms;
  if (kind === "flag") return "true or false";
  if (kind === "count") return "a whole number";
  if (kind === "milliseconds") return `${durationForms}; a bare number is milliseconds`;
  if (kind === "seconds") return `${durationForms}; a bare number is seconds`;
  return durationForms;
}
