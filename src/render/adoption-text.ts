/** What was found of a cluster that somebody else built: its members, the audit, and what the first change brings. */
import type { Adoption } from "../adopt/account.js";
import type { Difference } from "../adopt/differences.js";
import { nameOf, type Live } from "../adopt/found.js";
import { adviceLines } from "./advice-text.js";
import type { Page } from "./error-text.js";
import { count } from "./plan-text.js";
import { spread, table } from "./table.js";

export function adoptionLines({ members, spec, advice, differences }: Adoption, page: Page): string[] {
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
    style.bold("Audit"),
    ...adviceLines(advice, page),
    "",
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

/** The same as plain data. */
export const adoptionJson = ({ members, spec, text, advice, differences, problems }: Adoption): object => ({
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
  advice,
  differences,
  problems,
  file: text,
});
