/** A session of the command line in front of the fake world. */
import { PassThrough, Writable } from "node:stream";
import { openSession, type CommonOptions, type Session } from "../../src/cli/session.js";

export interface FakeSitting {
  readonly session: Session;
  readonly out: () => string;
  readonly err: () => string;
  type(line: string): void;
  /** What Ctrl-D sends. */
  hangUp(): void;
}

export function sit({
  interactive = false,
  env = {},
  ...options
}: CommonOptions & { interactive?: boolean; env?: Readonly<Record<string, string>> } = {}): FakeSitting {
  const [out, err] = [collect(), collect()];
  const input = new PassThrough();
  const terminal = {
    out: out.stream,
    err: err.stream,
    in: input,
    env,
    cwd: "/",
    interactive,
    colour: false,
    width: 80,
  };
  return {
    session: openSession(terminal, options),
    out: out.text,
    err: err.text,
    type: (line) => void input.write(`${line}\n`),
    hangUp: () => void input.end(),
  };
}

/** A stream whose text can be read. */
export function collect(): { stream: Writable; text: () => string } {
  let all = "";
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      all += chunk.toString();
      done();
    },
  });
  return { stream, text: () => all };
}
