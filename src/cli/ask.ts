/** Questions to a person. Nothing here is called unless a person sits at the terminal. */
import { Writable } from "node:stream";
import { QuorateError } from "../errors.js";
import type { Session } from "./session.js";

export type Ask = (question: string) => Promise<string>;

/** What the operator types, without the line's end. @throws QuorateError E_INTERRUPTED at Ctrl-C or the end of input */
export const ask = (session: Session, question: string, options: { hidden?: boolean } = {}): Promise<string> =>
  withQuestions(session, (put) => put(question), options);

/**
 * Several questions in a row, so that lines typed or pasted ahead answer the next ones. Between questions that are asked
 * elsewhere the terminal is left as it was, and Ctrl-C has its usual meaning.
 */
export async function withQuestions<T>(
  { terminal }: Session,
  work: (ask: Ask) => Promise<T>,
  { hidden = false } = {},
): Promise<T> {
  const { createInterface } = await import("node:readline");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: terminal.in,
    output: hidden ? nowhere : terminal.err,
    terminal: hidden || terminal.interactive,
  });
  const typed: string[] = [];
  let waiting: { resolve: (line: string) => void; reject: (error: QuorateError) => void } | undefined;
  let ended = false;
  lines.on("line", (line) => {
    if (waiting === undefined) typed.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  const stop = (): void => {
    ended = true;
    waiting?.reject(stopped());
  };
  lines.once("SIGINT", stop);
  lines.once("close", stop);
  try {
    return await work(async (question) => {
      terminal.err.write(question);
      const ahead = typed.shift();
      const answer =
        ahead ??
        (await new Promise<string>((resolve, reject) => (ended ? reject(stopped()) : (waiting = { resolve, reject }))));
      if (hidden) terminal.err.write("\n");
      return answer;
    });
  } finally {
    lines.close();
  }
}

const stopped = (): QuorateError => new QuorateError("E_INTERRUPTED", "stopped at a question; nothing was changed");

/** Only a plain yes is one. */
export async function confirm(session: Session, question: string): Promise<boolean> {
  return /^\s*y(es)?\s*$/i.test(await ask(session, `${question} [y/N] `));
}

/** @throws QuorateError E_NOT_CONFIRMED when the operator says no, or when there is nobody to ask */
export async function demandConsent(session: Session, question: string, flag = "--yes"): Promise<void> {
  if (!session.terminal.interactive || session.json) {
    throw new QuorateError("E_NOT_CONFIRMED", "there is no terminal to ask at, so nothing was changed", {
      next: `look at \`quorate plan\`, then give ${flag}`,
    });
  }
  if (await confirm(session, question)) return;
  throw new QuorateError("E_NOT_CONFIRMED", "you did not say yes, so nothing was changed");
}
