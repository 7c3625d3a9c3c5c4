/** What every verb is given: the terminal, the options common to all, and how to say things. */
import type { Page } from "../render/error-text.js";
import { styleOf, type Output, type Terminal } from "./terminal.js";

export interface CommonOptions {
  readonly file?: string;
  readonly json?: boolean;
  /** False with --no-color. */
  readonly color?: boolean;
}

export interface Session {
  readonly terminal: Terminal;
  readonly page: Page;
  readonly json: boolean;
  /** As the operator typed it, or the default. */
  readonly file: string;
  /** Lines on standard output. */
  say(...lines: readonly string[]): void;
  /** Lines on standard error. */
  warn(...lines: readonly string[]): void;
  /** One JSON value on standard output, over several lines. */
  answer(value: unknown): void;
  /** One JSON value on one line of standard output. */
  event(value: unknown): void;
}

/** Exit codes of every verb but `plan`, which says 2 for "there are changes". */
export const exit = { done: 0, trouble: 1, changes: 2, degraded: 3, interrupted: 130 } as const;

export function openSession(terminal: Terminal, options: CommonOptions): Session {
  const style = styleOf(options.color !== false && terminal.colour);
  const write = (stream: Output, lines: readonly string[]): void => {
    if (lines.length > 0) stream.write(`${lines.join("\n")}\n`);
  };
  return {
    terminal,
    page: { style, width: terminal.width },
    json: options.json === true,
    file: options.file ?? fileOf(terminal),
    say: (...lines) => write(terminal.out, lines),
    warn: (...lines) => write(terminal.err, lines),
    event: (value) => write(terminal.out, [JSON.stringify(value)]),
    answer: (value) => write(terminal.out, [JSON.stringify(value, undefined, 2)]),
  };
}

function fileOf({ env }: Terminal): string {
  const named = env["QUORATE_FILE"];
  return named === undefined || named === "" ? "cluster.yaml" : named;
}
