import { EtcdError, type Member } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import { quorum } from "../observe/quorum.js";
import { callDeadline } from "./ask-cluster.js";
import type { Doing, StepKind } from "./step.js";

/** Forget what was superseded before a revision, on every member. Nobody can read or watch from before it any more. */
export interface Compact {
  readonly kind: "compact";
  /** Who is asked first. */
  readonly member: string;
  /** Decimal; it can still be read. */
  readonly revision: string;
  /** Of all members that serve: each has done it on its own disk when the step ends. */
  readonly clientUrls: readonly string[];
}

/** Milliseconds: removing 60,000 superseded revisions took 4 s, and a database may have a thousand times as many. */
const deadline = 1_800_000;

export const compact: StepKind<Compact> = {
  kind: "compact",
  risk: "data",
  patience: 30_000,
  title: (step) => `forget what was superseded before revision ${step.revision}`,
  final: (step) => `what was superseded before revision ${step.revision}`,
  guard(_step, now) {
    if (quorum(now).spare >= 0) return undefined;
    return { code: "E_NO_QUORUM", message: "the cluster has no quorum, so it cannot agree on what to forget" };
  },
  effect(step, now) {
    const known = BigInt(now.compactedTo ?? "0");
    return known >= BigInt(step.revision) ? now : { ...now, compactedTo: step.revision };
  },
  /**
   * A member answers a compaction when its own disk is done with it and with all before it, and with an error when it has
   * heard of it already. So each is asked for one revision more than the last, and the final one is exactly the wanted.
   */
  async run({ revision, clientUrls, member }, doing) {
    const last = BigInt(revision);
    for (const [index, url] of clientUrls.entries()) {
      const to = last - BigInt(clientUrls.length - 1 - index);
      if (to > 0n) await compactAt(doing, url, to, member);
    }
  },
};

async function compactAt({ world }: Doing, url: string, to: bigint, where: string): Promise<void> {
  const member: Member = world.cluster.member(url);
  try {
    await member.compact(to, deadline);
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    const done = await member.isCompacted(to, callDeadline).catch(() => false);
    if (!done) throw new QuorateError("E_COMPACT", `revision ${to}: ${error.message}`, { where, found: url });
  }
}
