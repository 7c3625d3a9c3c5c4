/** Journals of runs, one line per run or one run in full. */
import type { RunEvent } from "../apply/events.js";
import { elapsed } from "./duration.js";
import { eventLines } from "./event-line.js";
import type { Page } from "./error-text.js";
import { count } from "./plan-text.js";
import { table } from "./table.js";

/** One run as `quorate log` lists it. */
export interface RunSummary {
  readonly run: string;
  readonly at: string;
  readonly operator: string;
  readonly command: string;
  /** "unfinished": it was killed, lost its machine, or is still at work. */
  readonly outcome: string;
  readonly steps: number;
  readonly milliseconds: number | undefined;
}

/** Lines of a journal. A torn last line, as a crash leaves it, is left out. */
export function parseJournal(text: string): RunEvent[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === "object" && value !== null && "type" in value ? [value as RunEvent] : [];
    } catch {
      return [];
    }
  });
}

export function summarizeRun(run: string, events: readonly RunEvent[]): RunSummary {
  const started = events.find((event) => event.type === "run-started");
  const finished = events.find((event) => event.type === "run-finished");
  const failure = finished?.failure === undefined ? "" : ` (${finished.failure.code})`;
  return {
    run,
    at: events[0]?.at ?? "",
    operator: started === undefined ? "" : `${started.operator}@${started.machine}`,
    command: started?.command ?? "",
    outcome: finished === undefined ? "unfinished" : `${finished.outcome}${failure}`,
    steps: events.filter((event) => event.type === "step-done").length,
    milliseconds: finished?.milliseconds,
  };
}

export function runsTable(runs: readonly RunSummary[], { style }: Page): string[] {
  if (runs.length === 0) return ["No runs yet."];
  const heading = ["RUN", "BY", "COMMAND", "OUTCOME", "STEPS", "TOOK"];
  const rows = runs.map(({ run, operator, command, outcome, steps, milliseconds }) => [
    ...[run, operator, command, outcome, String(steps)],
    milliseconds === undefined ? "-" : elapsed(milliseconds),
  ]);
  const [first = "", ...rest] = table([heading, ...rows]);
  return [style.dim(first), ...rest];
}

export function runLines(events: readonly RunEvent[], { style }: Page): string[] {
  const say = eventLines();
  return events.flatMap((event) => {
    const text = eventText(event, say);
    return text === undefined ? [] : [`${style.dim(event.at)}  ${text}`];
  });
}

function eventText(event: RunEvent, say: (event: RunEvent) => string | undefined): string | undefined {
  if (event.type === "run-started") {
    const { command, operator, machine, plan } = event;
    return `${operator}@${machine} ran \`${command}\`: ${count(plan.stages.length, "stage")}, etcd ${plan.version}`;
  }
  if (event.type === "run-finished") {
    return `${event.outcome} after ${elapsed(event.milliseconds)}${event.failure === undefined ? "" : `: ${event.failure.code}: ${event.failure.message}`}`;
  }
  return say(event);
}
