/** A terminal in memory: what was written to it can be read, and what is typed is given beforehand. */
import { PassThrough } from "node:stream";
import { run } from "../../src/cli/program.js";
import type { Terminal } from "../../src/cli/terminal.js";
import { collect } from "./fake-sitting.js";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Sitting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines that a person types; given: somebody sits there. */
  readonly typed?: readonly string[];
  readonly colour?: boolean;
}

/** Run the command line in this process. */
export async function quorate(argv: readonly string[], sitting: Sitting = {}): Promise<Said> {
  const [out, err] = [collect(), collect()];
  const input = new PassThrough();
  for (const line of sitting.typed ?? []) input.write(`${line}\n`);
  const terminal: Terminal = {
    ...{ out: out.stream, err: err.stream, in: input },
    env: sitting.env ?? {},
    cwd: sitting.cwd ?? "/nowhere",
    interactive: sitting.typed !== undefined,
    colour: sitting.colour ?? false,
    width: 80,
  };
  const code = await run(argv, terminal);
  return { code, out: out.text(), err: err.text() };
}
