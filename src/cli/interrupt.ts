/** Ctrl-C: once to finish what is under way and stop in a good place, twice to stop at once. */
import { exit, type Session } from "./session.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Ctrl-C has its usual meaning again. */
  release(): void;
}

export function onInterrupt(session: Session, leave: (code: number) => void = (code) => process.exit(code)): Interrupt {
  const controller = new AbortController();
  const heard = (): void => {
    if (controller.signal.aborted) {
      session.warn("", "Stopped at once. Run the same command again: it looks at what is there and goes on from it.");
      leave(exit.interrupted);
      return;
    }
    session.warn("", "Finishing the stage that is under way, then stopping; press Ctrl-C again to stop at once.");
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, heard);
  return {
    signal: controller.signal,
    release() {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, heard);
    },
  };
}
