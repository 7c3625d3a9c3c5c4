/** Events and facts folded to lines that people can read and tests compare whole. Nothing in them depends on the clock. */
import type { Failure, RunEvent } from "../apply/events.js";
import type { Facts, MemberFacts } from "../observe/facts.js";
import { quorum, sayQuorum } from "../observe/quorum.js";
import { isEmpty, refused, type Plan, type Problem } from "../plan/plan.js";
import { kindOf } from "../steps/kinds.js";
import type { Attempt } from "./attempt.js";

const signs: Readonly<Record<Problem["severity"], string>> = { refuse: "✗", degraded: "!", warn: "·" };

export function attemptLines(attempt: Attempt): string[] {
  const { plan, report, error, killed } = attempt;
  const problems = (plan?.problems ?? []).flatMap(problemLines);
  const end = killed
    ? ["= killed"]
    : error !== undefined
      ? [`✗ ${error.code}: ${error.message}`, `  next: ${error.next}`]
      : report !== undefined
        ? [`= ${report.outcome}${report.failure === undefined ? "" : `, ${report.failure.code}`}`]
        : [plan !== undefined && refused(plan) ? "= refused" : "= nothing to do"];
  return [...problems, ...eventLines(attempt.events), ...end];
}

function problemLines({ severity, code, member, message, next }: Problem): string[] {
  return [
    `${signs[severity]} ${member ?? "all"}  ${code}: ${message}`,
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ];
}

/** Stage by stage, member by member, each step with how it ended, whenever that was. */
function eventLines(events: readonly RunEvent[]): string[] {
  const ends = new Map<string, Failure | "done">();
  for (const event of events) {
    if (event.type === "step-done") ends.set(event.step, "done");
    if (event.type === "step-failed") ends.set(event.step, event.failure);
  }
  return events.flatMap((event): string[] => {
    if (event.type !== "stage-started") return [];
    const stage = event.stage;
    const own = events.filter((other) => "step" in other && other.step.startsWith(`${stage + 1}.`));
    const members = [
      ...new Set(own.flatMap((other) => ("member" in other && other.member !== undefined ? [other.member] : []))),
    ].sort();
    const done = events.find((other) => other.type === "stage-done" && other.stage === stage);
    return [
      `${stage + 1} ${event.title}`,
      ...members.flatMap((member) => stepLines(member, own, ends)),
      ...(done?.type === "stage-done" ? [`  ${done.quorum}`] : []),
    ];
  });
}

function stepLines(member: string, events: readonly RunEvent[], ends: ReadonlyMap<string, Failure | "done">): string[] {
  const titles = new Map<string, string>();
  for (const event of events) {
    if (event.type === "step-failed" && event.member === member && !titles.has(event.step))
      titles.set(event.step, "(not begun)");
    if (event.type === "step-started" && event.member === member) titles.set(event.step, event.title);
  }
  return [...titles].flatMap(([step, title]) => {
    const end = ends.get(step);
    if (end === undefined) return [`  ${member} ? ${title}`];
    if (end === "done") return [`  ${member} ✓ ${title}`];
    return [
      `  ${member} ✗ ${title}`,
      `      ${end.code}: ${end.message}`,
      ...(end.log ?? []).map((line) => `      | ${line}`),
    ];
  });
}

export function planLines(plan: Plan): string[] {
  const problems = plan.problems.flatMap(problemLines);
  if (refused(plan)) return [...problems, "refused"];
  if (isEmpty(plan)) return [...problems, "nothing to do"];
  const stages = plan.stages.flatMap(({ title, steps, quorum: after }, index) => [
    `${index + 1} ${title}`,
    ...steps.map((step) => `  ${step.member}  ${kindOf(step).title(step)}`),
    `  then ${after}`,
  ]);
  return [...problems, `now ${sayQuorum(quorum(plan.before))}`, ...stages];
}

/** One line per member. */
export function factLines({ members }: Facts): string[] {
  return Object.entries(members).map(([name, facts]) => `  ${name}  ${sayMember(facts)}`);
}

function sayMember({ reach, process, serving, data, mark, trust, unit, leader }: MemberFacts): string {
  const api = serving === "yes" ? (leader ? ["leads"] : ["serves"]) : [];
  if (reach !== "yes") return ["away", ...api].join(", ");
  const files =
    unit === "absent" && trust === "none" ? "bare" : `${unit === "absent" ? "no unit" : "unit"}, trust ${trust}`;
  return [process, ...api, `data ${data}`, ...(mark === "yes" ? ["marked"] : []), files].join(", ");
}
