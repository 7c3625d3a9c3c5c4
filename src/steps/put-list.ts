import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** The list of revoked certificates, in place. etcd reads it anew at each handshake, so nothing is restarted for it. */
export interface PutList {
  readonly kind: "put-list";
  readonly member: string;
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Whether the CA that signs it is to stay. */
  readonly signer: "wanted" | "former";
  readonly why: string;
}

export const putList: StepKind<PutList, { readonly sha256: string; readonly bytes: Uint8Array }> = {
  kind: "put-list",
  risk: "none",
  patience: 30_000,
  title: (step) => `write the list of revoked certificates (${step.why})`,
  guard: () => undefined,
  effect: (step, now) => withMember(now, step.member, { list: step.signer === "wanted" ? "current" : "former" }),
  gather: (_step, { world }) => world.authority.revocations(),
  async run(step, { world }, { sha256, bytes }) {
    const { path, owner, group } = step;
    await world
      .host(step.member)
      .act([{ do: "put-file", path, mode: "0644", owner, group, sha256, bytes: async () => bytes }]);
  },
};
