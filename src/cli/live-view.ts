/** Shows events as they come: rewritten lines on a terminal, plain lines elsewhere, one JSON value per line with --json. */
import type { RunEvent } from "../apply/events.js";
import { elapsed } from "../render/duration.js";
import { eventLines } from "../render/event-line.js";
import { afterEvent, notBegun, progressLines, type Progress } from "../render/progress.js";
import { spread } from "../render/table.js";
import type { Session } from "./session.js";

export interface View {
  readonly progress: Progress;
  show(event: RunEvent): void;
  /** Leave the terminal as it should be; nothing is rewritten after this. */
  end(): void;
}

/** Milliseconds between two pictures. */
const frame = 80;

export function viewOf(session: Session): View {
  if (session.json) return plainView((event) => session.event(event));
  if (session.terminal.interactive) return liveView(session);
  const line = eventLines();
  return plainView((event) => {
    const text = line(event);
    if (text !== undefined) session.say(text);
  });
}

function plainView(tell: (event: RunEvent) => void): View {
  let progress = notBegun;
  return {
    get progress() {
      return progress;
    },
    show(event) {
      progress = afterEvent(progress, event);
      tell(event);
    },
    end: () => undefined,
  };
}

function liveView({ terminal, page }: Session): View {
  let progress = notBegun;
  let drawn = 0;
  const draw = (lines: readonly string[], keep = false): void => {
    const up = drawn === 0 ? "" : `\u001b[${drawn}A`;
    terminal.out.write(`${up}\u001b[0J${lines.map((line) => `${line}\n`).join("")}`);
    drawn = keep ? 0 : lines.length;
  };
  const timer = setInterval(() => {
    if (progress.stage >= 0) draw(progressLines(progress, Date.now(), page));
  }, frame);
  timer.unref();
  return {
    get progress() {
      return progress;
    },
    show(event) {
      progress = afterEvent(progress, event);
      if (event.type !== "stage-done") return;
      const { title = "" } = progress.stages[event.stage] ?? {};
      const took = elapsed(Date.parse(event.at) - progress.since);
      draw([spread(`${page.style.green("✓")} ${title}`, page.style.dim(took), page.width)], true);
    },
    end() {
      clearInterval(timer);
      draw([]);
    },
  };
}
