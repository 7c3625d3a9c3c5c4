/** One event as one plain line, for logs and for runs without a terminal; most kinds of progress say nothing. */
import type { RunEvent } from "../apply/events.js";
import { elapsed } from "./duration.js";

/** @param titleOf the title with which a step was begun; its end does not repeat it */
export function eventLine(event: RunEvent, titleOf: (step: string) => string | undefined): string | undefined {
  switch (event.type) {
    case "stage-started":
      return `${event.stage + 1} ${event.title}`;
    case "step-done":
      return `  ${event.member}  ${titleOf(event.step) ?? event.step}: done in ${elapsed(event.milliseconds)}`;
    case "step-failed":
      return `  ${event.member}  ${titleOf(event.step) ?? event.step}: ${event.failure.code}: ${event.failure.message}`;
    case "stage-done":
      return `  ${event.quorum}`;
    default:
      return undefined;
  }
}

/** Remembers the titles as the events go by. */
export function eventLines(): (event: RunEvent) => string | undefined {
  const titles = new Map<string, string>();
  return (event) => {
    if (event.type === "step-started") titles.set(event.step, event.title);
    return eventLine(event, (step) => titles.get(step));
  };
}
