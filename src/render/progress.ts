/** The live picture of a run as a fold of its events: pure state, and pure lines of it. */
import type { Failure, RunEvent } from "../apply/events.js";
import { elapsed } from "./duration.js";
import type { Page } from "./error-text.js";
import { size } from "./size.js";
import { padded, spread, widthOf } from "./table.js";

export interface Progress {
  readonly stages: readonly { readonly title: string; readonly members: readonly string[] }[];
  /** Index of the stage under way. */
  readonly stage: number;
  /** Milliseconds since the epoch at which the stage began. */
  readonly since: number;
  readonly members: Readonly<Record<string, MemberProgress>>;
  /** The arithmetic after the last finished stage, in words. */
  readonly quorum: string | undefined;
}

export interface MemberProgress {
  /** Steps of this stage. */
  readonly total: number;
  readonly done: number;
  /** The step that was begun last. */
  readonly title: string;
  readonly moved: { readonly done: number; readonly total: number | undefined; readonly what: string } | undefined;
  readonly failure: Failure | undefined;
}

const idle: MemberProgress = { total: 0, done: 0, title: "", moved: undefined, failure: undefined };

export const notBegun: Progress = { stages: [], stage: -1, since: 0, members: {}, quorum: undefined };

export function afterEvent(now: Progress, event: RunEvent): Progress {
  const change = (member: string, changed: Partial<MemberProgress>): Progress => {
    const before = now.members[member] ?? idle;
    return { ...now, members: { ...now.members, [member]: { ...before, ...changed } } };
  };
  switch (event.type) {
    case "run-started":
      return {
        ...notBegun,
        stages: event.plan.stages.map(({ title, steps }) => ({ title, members: steps.map(({ member }) => member) })),
      };
    case "stage-started":
      return {
        ...now,
        stage: event.stage,
        since: Date.parse(event.at),
        members: begin(now.stages[event.stage]?.members ?? []),
      };
    case "step-started":
      return change(event.member, { title: event.title, moved: undefined });
    case "step-progress":
      return change(event.member, { moved: { done: event.done, total: event.total, what: event.what } });
    case "step-done":
      return change(event.member, { done: (now.members[event.member]?.done ?? 0) + 1 });
    case "step-failed":
      return change(event.member, { failure: event.failure });
    case "stage-done":
      return { ...now, quorum: event.quorum };
    default:
      return now;
  }
}

/** One entry per member, counting its steps. */
function begin(membersOfSteps: readonly string[]): Record<string, MemberProgress> {
  const members: Record<string, MemberProgress> = {};
  for (const member of membersOfSteps) {
    members[member] = { ...idle, total: (members[member]?.total ?? 0) + 1 };
  }
  return members;
}

/** The stage under way: one heading, one line per member. @param at milliseconds since the epoch */
export function progressLines(now: Progress, at: number, page: Page): string[] {
  const { style, width } = page;
  if (now.stage < 0) return [];
  const title = now.stages[now.stage]?.title ?? "";
  const names = Object.keys(now.members);
  const column = Math.max(0, ...names.map(widthOf));
  const heading = spread(
    `${style.bold(`${now.stage + 1}/${now.stages.length}`)} ${title}`,
    style.dim(elapsed(Math.max(0, at - now.since))),
    width,
  );
  return [
    heading,
    ...names.map((name) => cut(`  ${padded(name, column)}  ${memberText(now.members[name], page)}`, width)),
  ];
}

function memberText(member: MemberProgress | undefined, { style }: Page): string {
  if (member === undefined) return "";
  if (member.failure !== undefined) return `${style.red("✗")} ${member.title}: ${member.failure.message}`;
  if (member.total > 0 && member.done >= member.total) return style.green("✓");
  const { moved, title } = member;
  return moved === undefined ? title : `${title}  ${style.dim(movedText(moved))}`;
}

function movedText({ done, total }: NonNullable<MemberProgress["moved"]>): string {
  if (total === undefined || total === 0) return size(done);
  const filled = Math.min(12, Math.round((done / total) * 12));
  return `${"█".repeat(filled)}${"░".repeat(12 - filled)} ${size(done)} of ${size(total)}`;
}

/** A live line must not wrap, or the lines above it could not be rewritten. Colour is dropped from what is cut. */
function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  // eslint-disable-next-line no-control-regex -- the escape character is what is to be left out
  const bare = line.replaceAll(/\u001b\[\d+m/g, "");
  return `${[...bare].slice(0, Math.max(0, width - 1)).join("")}…`;
}
