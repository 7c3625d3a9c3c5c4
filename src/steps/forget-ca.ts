import type { StepKind } from "./step.js";

/** quorate itself no longer trusts any CA but the wanted one. */
export interface ForgetCa {
  readonly kind: "forget-ca";
  /** The first of them; nothing on its host is touched. */
  readonly member: string;
  /** The CA that stays, as facts have it. */
  readonly roots: string;
}

export const forgetCa: StepKind<ForgetCa> = {
  kind: "forget-ca",
  risk: "none",
  patience: 10_000,
  title: (step) => `trust the CA ${step.roots} alone on this machine too`,
  guard: () => undefined,
  effect: (step, now) => ({ ...now, trusted: step.roots }),
  run: (_step, { world }) => world.authority.forgetCas(),
};
