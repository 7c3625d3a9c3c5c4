import { EtcdError } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import { withMember, type Facts, type MemberFacts } from "../observe/facts.js";
import { isVoter, quorum } from "../observe/quorum.js";
import { hazardsOf } from "../release/hazards.js";
import type { Refusal, StepKind } from "./step.js";

/** Write a member's database file anew, without what is free in it. The member answers nobody meanwhile. */
export interface DefragmentMember {
  readonly kind: "defragment-member";
  readonly member: string;
  readonly clientUrl: string;
  /** The operator accepts that nothing is served meanwhile. */
  readonly downtime: boolean;
  /** The operator accepts what is known of the version. */
  readonly force: boolean;
}

/** Milliseconds: 3 to 6 s per GB of file were measured, and disks can be ten times slower. */
const deadline = 1_800_000;

export const defragmentMember: StepKind<DefragmentMember> = {
  kind: "defragment-member",
  risk: "pause",
  patience: 60_000,
  title: () => "write the database file anew, without what is free in it",
  guard(step, now) {
    const member = now.members[step.member];
    if (member?.serving !== "yes") return { code: "E_NOT_SERVING", message: `${step.member} does not serve` };
    return lags(step.member, member) ?? (step.downtime ? undefined : mustServe(step.member, now));
  },
  effect(step, now) {
    const done = now.defragmented ?? [];
    const defragmented = done.includes(step.member) ? done : [...done, step.member].sort();
    return { ...withMember(now, step.member, { fragmented: "no" }), defragmented };
  },
  async run({ member, clientUrl }, { world }) {
    try {
      await world.cluster.member(clientUrl).defragment(deadline);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      throw new QuorateError("E_DEFRAGMENT", `${member} was not defragmented: ${error.message}`, { where: member });
    }
  },
};

/** Some versions corrupt their data when this meets a snapshot from the leader, which only one that lags is sent. */
function lags(name: string, { caughtUp, version }: MemberFacts): Refusal | undefined {
  if (caughtUp === "yes") return undefined;
  const fault = hazardsOf({ trigger: "defragment", running: [version] }).find(
    ({ id }) => id === "defragment-while-catching-up",
  );
  if (fault === undefined) return { code: "E_NOT_CAUGHT_UP", message: `${name} lags behind the others` };
  const message = `${name} lags behind the others, and runs ${version}: ${fault.text} (${fault.source})`;
  return { code: "E_DEFRAGMENT_UNSAFE", message };
}

/** The others take its clients meanwhile. */
function mustServe(name: string, now: Facts): Refusal | undefined {
  const lame = Object.entries(now.members).find(
    ([other, member]) => other !== name && isVoter(member) && (member.serving !== "yes" || member.caughtUp !== "yes"),
  );
  if (lame !== undefined)
    return { code: "E_NO_SPARE", message: `${lame[0]} does not serve or lags behind, so ${name} must not pause` };
  if (quorum(now).spare >= 1) return undefined;
  return { code: "E_NO_SPARE", message: `no voter can be spared while ${name} pauses` };
}
