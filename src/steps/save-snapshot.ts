import { EtcdError } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import type { StepKind } from "./step.js";

/** Keep the whole database on the operator's machine before something that has no other way back. */
export interface SaveSnapshot {
  readonly kind: "save-snapshot";
  /** Who is asked: a follower that has caught up, so that the leader is left alone. */
  readonly member: string;
  readonly clientUrl: string;
  /** What it is for; the name under which the operator's records keep it. */
  readonly label: string;
}

export const saveSnapshot: StepKind<SaveSnapshot> = {
  kind: "save-snapshot",
  risk: "none",
  patience: 60_000,
  title: (step) => `save a snapshot of the database, as "${step.label}"`,
  guard(step, now) {
    const member = now.members[step.member];
    if (member?.serving === "yes" && member.caughtUp === "yes") return undefined;
    return { code: "E_NOT_CAUGHT_UP", message: `${step.member} does not serve or lags behind` };
  },
  effect: (step, now) => (now.saved.includes(step.label) ? now : { ...now, saved: [...now.saved, step.label].sort() }),
  async run(step, { world, progress }) {
    let bytes = 0;
    const counted = async function* (dbSize: bigint): AsyncGenerator<Uint8Array> {
      for await (const blob of world.cluster.member(step.clientUrl).snapshot()) {
        bytes += blob.length;
        progress(bytes, Number(dbSize), "snapshot");
        yield blob;
      }
    };
    try {
      const { dbSize } = await world.cluster.member(step.clientUrl).status(5_000);
      await world.ledger.saveSnapshot(step.label, counted(dbSize));
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      throw new QuorateError("E_SNAPSHOT", `the snapshot broke off: ${error.message}`, { where: step.member });
    }
  },
};
