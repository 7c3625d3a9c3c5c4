/** Where a verb writes to and asks from. The real one is the process's own; tests bring theirs. */
import { isatty } from "node:tty";
import { coloured, plain, type Style } from "../render/style.js";

export interface Output {
  write(text: string): unknown;
}

export interface Terminal {
  readonly out: Output;
  readonly err: NodeJS.WritableStream;
  readonly in: NodeJS.ReadableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Both ends are a person's: questions can be asked, and lines rewritten. */
  readonly interactive: boolean;
  /** Colour is wanted on standard output, unless a flag says otherwise. */
  readonly colour: boolean;
  readonly width: number;
}

/** Lines are laid out for this many characters when there is no terminal to ask, and never for more than the second. */
const usualWidth = 100;
const widest = 140;

/** @param out for results, when it is not node's own stream */
export function processTerminal(out?: Output): Terminal {
  const { env } = process;
  const onTerminal = isatty(1);
  return {
    // Opening these costs some milliseconds each, so none is opened before it is used.
    get out() {
      return out ?? process.stdout;
    },
    get err() {
      return process.stderr;
    },
    get in() {
      return process.stdin;
    },
    env,
    cwd: process.cwd(),
    interactive: onTerminal && isatty(0),
    colour: wantsColour(env, onTerminal),
    width: Math.min(onTerminal ? process.stdout.columns || usualWidth : usualWidth, widest),
  };
}

/** Colour on terminals only; NO_COLOR (any value) forbids it, FORCE_COLOR (any value but 0) demands it. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const [no, force] = [env["NO_COLOR"], env["FORCE_COLOR"]];
  if (no !== undefined && no !== "") return false;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}

export const styleOf = (colour: boolean): Style => (colour ? coloured : plain);
