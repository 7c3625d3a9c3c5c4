import { join } from "node:path";
import { withMember } from "../observe/facts.js";
import { markText, type AdoptedMark } from "../observe/mark.js";
import { sha256Of } from "../plan/digest.js";
import type { World } from "../world.js";
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
  /** Of a member that somebody else started: what is accepted as it is. */
  readonly adopted?: AdoptedMark | undefined;
}

export const markMember: StepKind<MarkMember> = {
  kind: "mark-member",
  risk: "none",
  patience: 60_000,
  title: ({ adopted }) =>
    adopted === undefined
      ? "note that the member has been part of the cluster"
      : "note that the member was adopted as it is",
  guard(step, now) {
    if (now.members[step.member]?.serving === "yes") return undefined;
    return { code: "E_NOT_SERVING", message: `${step.member} does not serve yet` };
  },
  effect({ member, clusterId, adopted }, now) {
    const accepted = adopted && { config: adopted.config, adopted: { unit: adopted.unit, config: adopted.config } };
    return { ...withMember(now, member, { mark: "yes", ...accepted }), formed: clusterId };
  },
  async run(step, { world }) {
    const { member, clusterId, adopted } = step;
    const text = markText({ member, clusterId, ...(adopted !== undefined && { adopted }) });
    const noted = world.host(step.member).act([
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
    await Promise.all([noted, record(world, clusterId)]);
  },
};

/** Either of the two notes is enough to know it again. */
async function record({ ledger, clock }: World, clusterId: string): Promise<void> {
  if ((await ledger.formed())?.clusterId !== clusterId)
    await ledger.recordFormed({ clusterId, at: new Date(clock.now()).toISOString() });
}
