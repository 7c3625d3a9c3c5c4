/** One frame's worth of work on a host. */
export interface Command {
  /** POSIX sh; exits 0 when the action's result is there. */
  readonly script: string;
  /** "write /etc/x": what was wanted, for messages. */
  readonly intent: string;
  readonly payload?: () => Promise<Uint8Array>;
  /** Milliseconds of silence to bear. */
  readonly patience?: number;
  readonly answer?: (stdout: string) => void;
}

/** Exit statuses of our own scripts, so that nobody has to read their text. */
export const scriptStatus = { digestMismatch: 81, inTheWay: 82, missingProgram: 83 } as const;
