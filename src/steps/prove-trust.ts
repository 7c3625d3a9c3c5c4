import { QuorateError } from "../errors.js";
import { withoutConnection } from "../observe/connections.js";
import type { Listener } from "../pki/authority.js";
import type { StepKind } from "./step.js";

/**
 * Handshakes between everybody, before anything depends on them: quorate's own with every listener, and those that the
 * members have had with each other since they were restarted.
 */
export interface ProveTrust {
  readonly kind: "prove-trust";
  /** The first of them; nothing on its host is touched. */
  readonly member: string;
  /** The CA, as facts have it. */
  readonly roots: string;
  /** The listeners must show certificates of that CA too. */
  readonly shown: boolean;
  /** Every member trusts that CA alone by now. */
  readonly alone?: boolean;
  readonly listeners: readonly Listener[];
}

export const proveTrust: StepKind<ProveTrust> = {
  kind: "prove-trust",
  risk: "none",
  patience: 30_000,
  title: ({ shown, listeners }) =>
    `shake hands with all ${listeners.length} listeners, ${shown ? "trusting the new CA alone" : "with certificates of the new CA"}, and see every member connected with every other`,
  guard: () => undefined,
  effect: (step, now) => ({
    ...now,
    accepted: step.roots,
    ...(step.shown && { shown: step.roots }),
    ...(step.alone === true && { alone: step.roots }),
  }),
  async run(step, { spec, world }) {
    const complaints = await world.authority.prove(step.listeners, step.shown);
    if (complaints.length > 0) {
      const message = `${complaints.length} of ${step.listeners.length} listeners did not shake hands as they should`;
      throw new QuorateError("E_TRUST_UNPROVEN", message, { where: spec.name, found: complaints.join("\n") });
    }
    const pairs = await withoutConnection(
      world,
      step.listeners.flatMap(({ kind, url }) => (kind === "client" ? [url] : [])),
    );
    if (pairs.length === 0) return;
    const message = `members do not find each other: ${pairs.join("; ")}`;
    throw new QuorateError("E_TRUST_UNPROVEN", message, { where: spec.name, found: pairs.join("\n") });
  },
};
