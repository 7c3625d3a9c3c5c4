import { join } from "node:path";
import { withMember } from "../observe/facts.js";
import { sha256Of } from "../plan/digest.js";
import type { StepKind } from "./step.js";

/**
 * Leave a note on the host that this member has had data of the cluster, away from the data itself: if the disk ever
 * comes back empty, the member is not mistaken for one that never started.
 */
export interface MarkMember {
  readonly kind: "mark-member";
  readonly member: string;
  readonly state: string;
  readonly clusterId: string;
  /** Who owns what quorate itself keeps on the host. */
  readonly owner: string;
  readonly group: string;
}

export const markMember: StepKind<MarkMember> = {
  kind: "mark-member",
  risk: "none",
  patience: 60_000,
  title: () => "note that the member has been part of the cluster",
  guard(step, now) {
    if (now.members[step.member]?.serving === "yes") return undefined;
    return { code: "E_NOT_SERVING", message: `${step.member} does not serve yet` };
  },
  effect: (step, now) => ({ ...withMember(now, step.member, { mark: "yes" }), formed: step.clusterId }),
  async run(step, { world }) {
    const text = `${JSON.stringify({ member: step.member, clusterId: step.clusterId })}\n`;
    await world.ledger.recordFormed({ clusterId: step.clusterId, at: new Date(world.clock.now()).toISOString() });
    await world.host(step.member).act([
      {
        do: "put-file",
        path: join(step.state, "member.json"),
        mode: "0644",
        owner: step.owner,
        group: step.group,
        sha256: sha256Of(text),
        bytes: async () => new TextEncoder().encode(text),
      },
    ]);
  },
};
