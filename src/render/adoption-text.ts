/** What was found of a cluster that somebody else built: its members, the audit, and what the first change brings. */
import type { Adoption } from "../adopt/account.js";
import type { Finding } from "../adopt/audit/finding.js";
import type { Difference } from "../adopt/differences.js";
import { nameOf, type Live } from "../adopt/found.js";
import type { Page } from "./error-text.js";
import { count } from "./plan-text.js";
import { spread, table } from "./table.js";
import { wrap } from "./wrap.js";

export function adoptionLines({ members, spec, findings, differences }: Adoption, page: Page): string[] {
  const { style } = page;
  const version = members[0]?.status.version ?? "";
  const layouts = [...new Set(members.map(({ layout }) => layout))].join("; ");
  return [
    `${style.bold(spec.name)}  etcd ${version}, ${count(members.length, "member")}; ${layouts}`,
    "",
    ...table([["MEMBER", "HOST", "RUN BY", "AS", "DATA"], ...members.map(row)]).map((line, index) =>
      index === 0 ? style.dim(line) : line,
    ),
    "",
    ...auditLines(findings, members.length, page),
    ...differenceLines(differences, members.length, page),
  ];
}

const row = (member: Live): string[] => [
  nameOf(member),
  member.target.host,
  member.keeper.kind === "unit" ? `${member.keeper.name}.service` : member.keeper.kind,
  member.process?.user ?? "-",
  member.flags["data-dir"]?.value ?? "-",
];

function auditLines(findings: readonly Finding[], size: number, page: Page): string[] {
  const { style, width } = page;
  if (findings.length === 0) return [style.bold("Audit: nothing to say."), ""];
  const of = (severity: Finding["severity"]): number => findings.filter((one) => one.severity === severity).length;
  const head = `Audit: ${count(of("danger"), "danger")}, ${count(of("risk"), "risk")}, ${count(of("note"), "note")}`;
  const paint = { danger: style.red, risk: style.yellow, note: style.dim };
  const lines = findings.flatMap(({ rule, severity, members, says, next }) => [
    spread(`${paint[severity](severity.padEnd(7))}${style.bold(whom(members, size))}`, style.dim(rule), width),
    ...body(says, width),
    ...(next === undefined
      ? []
      : body(next, width).map((line, index) => (index === 0 ? line.replace(/^ {7}/, "  next ") : line))),
  ]);
  return [style.bold(head), ...lines, ""];
}

const body = (text: string, width: number): string[] =>
  wrap(text, Math.max(20, width - 7)).map((line) => `       ${line}`);

function differenceLines(differences: readonly Difference[], size: number, { style, width }: Page): string[] {
  if (differences.length === 0) return [];
  const rows = differences.flatMap(({ flag, now, later, members }) => [
    spread(`  --${flag}`, style.dim(members.length === size ? "" : members.join(", ")), width),
    `      ${style.red(`- ${now ?? "not given"}`)}`,
    `      ${style.green(`+ ${later ?? "not given"}`)}`,
  ]);
  return [
    style.bold("Nothing is restarted now. The first change that you ask for also brings, member by member:"),
    ...rows,
    "",
  ];
}

const whom = (members: readonly string[], size: number): string =>
  members.length === 0 ? "the cluster" : members.length === size && size > 1 ? "every member" : members.join(", ");

/** The same as plain data. */
export const adoptionJson = ({ members, spec, text, findings, differences, problems }: Adoption): object => ({
  cluster: spec.name,
  version: members[0]?.status.version,
  clusterId: members[0]?.status.clusterId,
  members: members.map((member) => ({
    name: nameOf(member),
    host: member.target.host,
    layout: member.layout,
    keeper: member.keeper.kind,
    unit: member.keeper.kind === "unit" ? member.keeper.name : undefined,
    sources: member.sources,
  })),
  findings,
  differences,
  problems,
  file: text,
});
