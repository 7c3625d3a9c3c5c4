import { EtcdError } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import type { Facts } from "../observe/facts.js";
import { isVoter } from "../observe/quorum.js";
import { callDeadline, leaderOf } from "./ask-cluster.js";
import type { Refusal, StepKind } from "./step.js";

/** Tell the cluster that what an alarm was about is over, for every member that the alarm names. */
export interface DisarmAlarm {
  readonly kind: "disarm-alarm";
  /** A member that serves; the alarm is the cluster's. */
  readonly member: string;
  readonly alarm: "NOSPACE" | "CORRUPT";
  /** Members that were seen to have the right data, whomever the alarm names. */
  readonly cleared: readonly string[];
}

export const disarmAlarm: StepKind<DisarmAlarm> = {
  kind: "disarm-alarm",
  risk: "none",
  patience: 15_000,
  title: (step) => `take back the ${step.alarm} alarm, so that writes are taken again`,
  guard: (step, now) => (step.alarm === "NOSPACE" ? mustHaveRoom(now) : mustBeSound(step, now)),
  effect: (step, now) => ({ ...now, alarms: now.alarms.filter((alarm) => !alarm.startsWith(`${step.alarm} `)) }),
  async run(step, doing) {
    try {
      const { member } = await leaderOf(doing);
      const raised = await member.alarms(callDeadline);
      for (const alarm of raised.filter(({ kind }) => kind === step.alarm)) await member.disarm(alarm, callDeadline);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      throw new QuorateError("E_ALARM", `the ${step.alarm} alarm stands: ${error.message}`, { where: step.member });
    }
  },
};

function mustHaveRoom(now: Facts): Refusal | undefined {
  const full = Object.entries(now.members).find(([, member]) => isVoter(member) && member.roomy === "no");
  if (full === undefined) return undefined;
  const message = `what is in use fills the quota of ${full[0]}, although its file holds nothing else any more`;
  return { code: "E_FULL", message };
}

function mustBeSound({ cleared }: DisarmAlarm, now: Facts): Refusal | undefined {
  const bad = Object.entries(now.members).find(([name, member]) => member.corrupt === true && !cleared.includes(name));
  if (bad === undefined) return undefined;
  return { code: "E_CORRUPT", message: `${bad[0]} is still a member, with data that is not what the others have` };
}
