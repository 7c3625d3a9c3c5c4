/** Advice as a table of what is so, and below it why and what to do. */
import type { Advice } from "../advise/advice.js";
import type { Page } from "./error-text.js";
import { wrap } from "./wrap.js";

const words: Readonly<Record<Advice["severity"], string>> = { critical: "critical", warn: "warning", note: "note" };

/** One block per piece of advice: a line that says of whom, then why, what to do and where that is written, indented. */
export function adviceLines(all: readonly Advice[], { style, width }: Page): string[] {
  if (all.length === 0) return [style.green("nothing is wrong, as far as can be seen")];
  const paint = { critical: style.red, warn: style.yellow, note: style.cyan };
  const indent = 10;
  const columns = Math.max(40, Math.min(width, 120) - indent);
  const blocks = together(all).map(({ advice, members }) => {
    const who = members.length === 0 ? "" : `${members.join(", ")}: `;
    const [first = "", ...rest] = wrap(`${who}${advice.what}`, columns);
    const head = `${paint[advice.severity](words[advice.severity].padEnd(indent))}${style.bold(first)}`;
    const below = [
      ...rest.map((line) => style.bold(line)),
      ...wrap(`${advice.why}.`, columns),
      ...wrap(`To do: ${advice.do}.`, columns),
      ...wrap(`${advice.id}; ${advice.source}`, columns).map((line) => style.dim(line)),
    ];
    return [head, ...below.map((line) => `${" ".repeat(indent)}${line}`)];
  });
  return [...blocks.flatMap((block) => [...block, ""]), summary(all)];
}

/** The same advice for several members is told once. */
function together(all: readonly Advice[]): { advice: Omit<Advice, "member">; members: string[] }[] {
  const groups = new Map<string, { advice: Omit<Advice, "member">; members: string[] }>();
  for (const { member, ...advice } of all) {
    const key = JSON.stringify(advice);
    const group = groups.get(key) ?? { advice, members: [] };
    if (member !== undefined) group.members.push(member);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function summary(all: readonly Advice[]): string {
  const count = (severity: Advice["severity"]): number => all.filter((one) => one.severity === severity).length;
  const plural = (amount: number, one: string, many: string): string => `${amount} ${amount === 1 ? one : many}`;
  return [
    plural(count("critical"), "critical", "critical"),
    plural(count("warn"), "warning", "warnings"),
    plural(count("note"), "note", "notes"),
  ].join(", ");
}
