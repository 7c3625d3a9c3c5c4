/** Where a verb writes to and asks from. The real one is the process's own; tests bring theirs. */
import { coloured, plain, type Style } from "../render/style.js";

export interface Terminal {
  readonly out: NodeJS.WritableStream;
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

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: stdout,
    err: stderr,
    in: stdin,
    env,
    cwd: process.cwd(),
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    colour: wantsColour(env, stdout.isTTY === true),
    width: Math.min(stdout.isTTY === true ? stdout.columns || usualWidth : usualWidth, widest),
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
