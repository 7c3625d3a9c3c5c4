import { QuorateError } from "../errors.js";
import type { Listener } from "../pki/authority.js";
import type { StepKind } from "./step.js";

/** Handshakes with every listener, with certificates of the CA that is to come, before anything depends on them. */
export interface ProveTrust {
  readonly kind: "prove-trust";
  /** The first of them; nothing on its host is touched. */
  readonly member: string;
  /** The CA, as facts have it. */
  readonly roots: string;
  /** The listeners must show certificates of that CA too. */
  readonly shown: boolean;
  readonly listeners: readonly Listener[];
}

export const proveTrust: StepKind<ProveTrust> = {
  kind: "prove-trust",
  risk: "none",
  patience: 30_000,
  title: ({ shown, listeners }) =>
    `shake hands with all ${listeners.length} listeners, ${shown ? "trusting the new CA alone" : "with certificates of the new CA"}`,
  guard: () => undefined,
  effect: (step, now) => ({ ...now, accepted: step.roots, ...(step.shown && { shown: step.roots }) }),
  async run(step, { spec, world }) {
    const complaints = await world.authority.prove(step.listeners, step.shown);
    if (complaints.length === 0) return;
    const message = `${complaints.length} of ${step.listeners.length} listeners did not shake hands as they should`;
    throw new QuorateError("E_TRUST_UNPROVEN", message, { where: spec.name, found: complaints.join("\n") });
  },
};
