/** What the module of a verb gives: its arguments and options, and what to do. */
import type { Command } from "commander";
import type { Session } from "./session.js";

export interface Verb {
  /** Arguments, options and examples. Called right before the verb is parsed, so that no other verb costs anything. */
  declare(command: Command): void;
  /** @returns the exit code */
  run(session: Session, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<number>;
}

/** Ways of calling it, shown below the options. */
export function examples(command: Command, lines: readonly (readonly [call: string, why: string])[]): void {
  const width = Math.max(...lines.map(([call]) => call.length));
  const text = lines.map(([call, why]) => `  $ ${call.padEnd(width)}   ${why}`.trimEnd()).join("\n");
  command.addHelpText("after", `\nExamples:\n${text}`);
}

/** For an option that may be given more than once. */
export const severally = (value: string, before: readonly string[] = []): string[] => [...before, value];
