/** etcd settings: known to the version, not quorate's own, not dangerous, and of a form that etcd takes. */
import { newestKnownLine } from "../../release/known-versions.js";
import { isExactVersion } from "../../release/versions.js";
import { forbiddenFlag } from "../flags/forbidden.js";
import { settingKind, settingValue, type SettingKind } from "../flags/kinds.js";
import { everyFlag, linesWith } from "../flags/lines.js";
import { settingsFor, type SettingProblem, type Translation } from "../flags/translate.js";
import { durationForms, quantityAdvice, sizeForms } from "../quantities.js";
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import { settingText } from "../resolve/settings.js";
import { nearest } from "../text/nearest.js";

export function settings({ file, spec }: Candidate): Problem[] {
  const { version, settings: written = {} } = file.etcd ?? {};
  const known = version !== undefined && isExactVersion(version) ? version : undefined;
  const told = settingsFor(known ?? `${newestKnownLine}.0`, spec.etcd.settings);
  return Object.entries(written).flatMap(([name, value]) => {
    const text = settingText(value);
    const own = told.problems.filter((problem) => problem.name === name);
    const judged = judgeName(name) ?? (known === undefined ? judgeForAny(name, own) : own.map(refusedAs)) ?? [];
    const judgedValue = judged.length > 0 ? undefined : judgeValue(name, text, written);
    const spelled = known === undefined ? [] : told.translated.filter((each) => each.name === name);
    const problems =
      judged.length > 0 ? judged : judgedValue === undefined ? spelled.map(translatedAs(known)) : [judgedValue];
    return problems.map((problem) => ({ ...problem, path: ["etcd", "settings", name] }));
  });
}

type Judged = Omit<Problem, "path">;

/** What is wrong with a setting whatever the version. */
function judgeName(name: string): Judged[] | undefined {
  const base = { code: "E_SPEC_SETTING", found: quoted(name), atKey: true } as const;
  const forbidden = forbiddenFlag(name);
  if (forbidden !== undefined)
    return [
      {
        ...base,
        code: "E_SPEC_FORBIDDEN",
        message: `\`${name}\` ${forbidden.why}`,
        expected: "a setting that is not quorate's own",
        next: forbidden.instead,
      },
    ];
  if (!name.startsWith("-")) return undefined;
  return [
    {
      ...base,
      message: `\`${name}\` is written with dashes in front`,
      expected: "the flag's name",
      next: `write ${name.replace(/^-+/, "")}`,
    },
  ];
}

const refusedAs = ({ name, message, expected, next }: SettingProblem): Judged => ({
  ...{ code: "E_SPEC_SETTING", atKey: true, found: quoted(name) },
  ...{ message, expected, next },
});

const translatedAs =
  (version: string | undefined) =>
  ({ name, from, to, why }: Translation): Judged => ({
    ...{ code: "E_SPEC_SETTING", severity: "warning", atKey: true, found: quoted(name) },
    message:
      to === undefined
        ? `\`${from}\` is not given to etcd ${version}: ${why}`
        : `etcd ${version} is given \`${to}\` for \`${from}\`: ${why}`,
    expected: to ?? "no such line",
    next: to === undefined ? "remove the line" : `write \`${to}\``,
  });

/** The file names no version, so that it may become any. @param problems that the newest line has with the setting */
function judgeForAny(name: string, problems: readonly SettingProblem[]): Judged[] | undefined {
  const lines = linesWith(name);
  if (lines.length === 0) return [unknown(name, everyFlag, "etcd")];
  if (problems.length === 0) return undefined;
  if (lines.includes(newestKnownLine)) return problems.map(refusedAs);
  return [onlyOld(name, lines)];
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
