import { join } from "node:path";
import { withMember } from "../observe/facts.js";
import { joinRoots } from "../observe/roots.js";
import { sha256Of } from "../plan/digest.js";
import type { StepKind } from "./step.js";

/** The member's file of trusted CAs, in place. A process reads it at its start, so nothing changes until then. */
export interface TrustCas {
  readonly kind: "trust-cas";
  readonly member: string;
  /** Folder that holds the sets and the link. */
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** CAs by fingerprint, sorted. */
  readonly roots: readonly string[];
  readonly from: readonly string[];
}

export const trustCas: StepKind<TrustCas> = {
  kind: "trust-cas",
  risk: "none",
  patience: 30_000,
  title: (step) => `trust ${sayRoots(step.roots)} (now ${sayRoots(step.from)})`,
  guard: () => undefined,
  effect: (step, now) => withMember(now, step.member, { roots: joinRoots(step.roots) }),
  async run(step, { world }) {
    const pem = await world.authority.bundle(step.roots);
    await world.host(step.member).act([
      {
        do: "put-file",
        path: join(step.path, "live", "ca.pem"),
        mode: "0644",
        owner: step.owner,
        group: step.group,
        sha256: sha256Of(pem),
        bytes: async () => new TextEncoder().encode(pem),
      },
    ]);
  },
};

const sayRoots = (roots: readonly string[]): string =>
  `${roots.length === 1 ? "the CA" : "the CAs"} ${roots.length === 0 ? "that are unknown" : roots.join(" and ")}`;
