/** Questions to a person. Nothing here is called unless a person sits at the terminal. */
import { Writable } from "node:stream";
import { QuorateError } from "../errors.js";
import type { Session } from "./session.js";

/** What the operator types, without the line's end. @throws QuorateError E_INTERRUPTED at Ctrl-C or the end of input */
export async function ask({ terminal }: Session, question: string, { hidden = false } = {}): Promise<string> {
  const { createInterface } = await import("node:readline");
  terminal.err.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.in, output: hidden ? nowhere : terminal.err, terminal: hidden || terminal.interactive });
  try {
    return await new Promise<string>((resolve, reject) => {
      const stop = (): void => reject(new QuorateError("E_INTERRUPTED", "stopped at a question; nothing was changed"));
      lines.once("line", resolve);
      lines.once("SIGINT", stop);
      lines.once("close", stop);
    });
  } finally {
    lines.close();
    if (hidden) terminal.err.write("\n");
  }
}

/** Only a plain yes is one. */
export async function confirm(session: Session, question: string): Promise<boolean> {
  return /^\s*y(es)?\s*$/i.test(await ask(session, `${question} [y/N] `));
}

/** @throws QuorateError E_NOT_CONFIRMED when the operator says no, or when there is nobody to ask */
export async function demandConsent(session: Session, question: string, flag = "--yes"): Promise<void> {
  if (!session.terminal.interactive || session.json) {
    throw new QuorateError("E_NOT_CONFIRMED", "there is no terminal to ask at, so nothing was changed", { next: `look at \`quorate plan\`, then give ${flag}` });
  }
  if (await confirm(session, question)) return;
  throw new QuorateError("E_NOT_CONFIRMED", "you did not say yes, so nothing was changed");
}
