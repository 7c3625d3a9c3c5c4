/** A plan as a page: stage by stage, member by member, with what the files will look like and what each stage risks. */
import { quorum, sayQuorum } from "../observe/quorum.js";
import { isEmpty, refused, type Plan, type Stage } from "../plan/plan.js";
import { kindOf, type Step } from "../steps/kinds.js";
import type { Risk } from "../steps/step.js";
import { unifiedDiff } from "./diff.js";
import { problemLines, type Page } from "./error-text.js";
import { spread } from "./table.js";

export interface PlanPage extends Page {
  /** Where the version comes from, in words. */
  readonly versionSource: string;
  /** What a file on a member's machine holds now; undefined when it is not there. Absent: no diffs are shown. */
  readonly textOf?: ((member: string, path: string) => string | undefined) | undefined;
}

const signs: Readonly<Record<Risk, string>> = { none: "+", restart: "~", pause: "~", membership: "~", data: "!" };
const risks: Readonly<Record<Risk, string>> = {
  none: "",
  restart: "starts or stops a process",
  pause: "answers nobody meanwhile",
  membership: "changes who is a member",
  data: "moves or removes data",
};

export function planLines(plan: Plan, page: PlanPage): string[] {
  const { style } = page;
  const problems = plan.problems.flatMap((problem) => [...problemLines(problem, page), ""]);
  if (refused(plan))
    return [
      ...problems,
      `Nothing was changed: ${count(plan.problems.filter(refusing).length, "problem")} must be settled first.`,
    ];
  if (isEmpty(plan)) return [...problems, nothingToDo(plan)];
  const head = `${style.bold(plan.cluster)}  etcd ${plan.version} (${page.versionSource}), ${count(Object.keys(plan.before.members).length, "member")}`;
  const now = `   ${style.dim(`now   ${sayQuorum(quorum(plan.before))}`)}`;
  const stages = plan.stages.flatMap((stage, index) => ["", ...stageLines(index, stage, page)]);
  return [...problems, head, now, ...stages, "", summary(plan)];
}

/** One sentence for a plan without stages. */
export function nothingToDo({ cluster, goal, problems }: Plan): string {
  const but = problems.some(({ severity }) => severity === "degraded") ? " as far as it can be seen" : "";
  if (goal === "stopped") return `Nothing to do: no member of ${cluster} runs${but}.`;
  if (goal === "absent") return `Nothing to do: nothing of ${cluster} is left${but}.`;
  if (goal === "renewed")
    return `Nothing to do: no certificate of a member of ${cluster} is due${but}; --force renews them all the same.`;
  if (goal === "compacted") return `Nothing to do: ${cluster} has forgotten all that it was to forget${but}.`;
  if (goal === "defragmented")
    return `Nothing to do: no member of ${cluster} has so much free in its database file that a pause is worth it${but}; --force defragments all.`;
  if (goal === "writable")
    return `Nothing to do: ${cluster} has no NOSPACE alarm, and no database file has reached its quota${but}.`;
  if (goal === "rebuilt") return `Nothing to do: the member has the data that the others have${but}.`;
  return `Nothing to do: ${cluster} is as the file says${but}.`;
}

function stageLines(index: number, stage: Stage, page: PlanPage): string[] {
  const { style } = page;
  const members = [...new Set(stage.steps.map(({ member }) => member))];
  const lines = members.flatMap((member) => [
    `   ${style.cyan(member)}`,
    ...stage.steps.filter((step) => step.member === member).flatMap((step) => stepLines(step, page)),
  ]);
  return [
    style.bold(`${String(index + 1).padStart(2)} ${stage.title}`),
    ...lines,
    `   ${style.dim(`then  ${stage.quorum}`)}`,
  ];
}

function stepLines(step: Step, page: PlanPage): string[] {
  const { style, width } = page;
  const { risk, title } = kindOf(step);
  const sign = risk === "none" ? style.green(signs[risk]) : style.yellow(signs[risk]);
  const final = kindOf(step).final?.(step);
  return [
    spread(`     ${sign} ${title(step)}`, style.yellow(risks[risk]), width),
    ...(final === undefined ? [] : [`       ${style.dim(`no way back for ${final}`)}`]),
    ...fileLines(step, page),
  ];
}

function fileLines(step: Step, { style, textOf }: PlanPage): string[] {
  if (step.kind === "remove-files") return step.paths.map((path) => `         ${style.dim(path)}`);
  if (step.kind !== "install-unit" || textOf === undefined) return [];
  return unifiedDiff(textOf(step.member, step.path), step.text).map((line) => {
    const paint = line.startsWith("@@")
      ? style.dim
      : line.startsWith("+")
        ? style.green
        : line.startsWith("-")
          ? style.red
          : style.dim;
    return `         ${paint(line)}`.trimEnd();
  });
}

function summary({ stages }: Plan): string {
  const steps = stages.flatMap((stage) => stage.steps);
  const told = (["restart", "pause", "membership", "data"] as const).flatMap((risk) => {
    const some = steps.filter((step) => kindOf(step).risk === risk).length;
    return some === 0 ? [] : [`${some} ${some === 1 ? risks[risk] : plural[risk]}`];
  });
  const members = new Set(steps.map(({ member }) => member)).size;
  const all = `${count(steps.length, "step")} in ${count(stages.length, "stage")} on ${count(members, "member")}`;
  return `${[all, ...told].join("; ")}.`;
}

const plural = {
  restart: "start or stop a process",
  pause: "pause a member",
  membership: "change who is a member",
  data: "move or remove data",
} as const;

const refusing = ({ severity }: { severity: string }): boolean => severity === "refuse";

export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? "" : "s"}`;
