import type { StepKind } from "./step.js";

/** Everything that is signed from now on is signed by the wanted CA; quorate's own certificates are at once. */
export interface AdoptCa {
  readonly kind: "adopt-ca";
  /** The first of them; nothing on its host is touched. */
  readonly member: string;
  /** The CA, as facts have it. */
  readonly roots: string;
}

export const adoptCa: StepKind<AdoptCa> = {
  kind: "adopt-ca",
  risk: "none",
  patience: 10_000,
  title: (step) => `sign with the CA ${step.roots}, quorate's own certificates first`,
  guard: () => undefined,
  effect: (step, now) => ({ ...now, signing: step.roots }),
  run: (_step, { world }) => world.authority.adoptCa(),
};
