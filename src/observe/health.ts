/** Proof of health: a linearizable read through every member, then its alarms and whom it takes for the leader. */
import { EtcdError, type Alarm, type Cluster, type MemberStatus } from "../etcd/cluster.js";
import type { MemberSpec, Spec } from "../spec/spec.js";

export interface MemberHealth {
  readonly name: string;
  readonly url: string;
  readonly healthy: boolean;
  /** Of the read alone. */
  readonly tookMilliseconds: number;
  /** Why it is not healthy, as etcdctl words it. */
  readonly error: string | undefined;
  readonly alarms: readonly Alarm[];
  /** undefined when it did not say. */
  readonly status: MemberStatus | undefined;
}

export interface Health {
  readonly members: readonly MemberHealth[];
  /** Every member healthy, and all of one mind about cluster and leader. */
  readonly healthy: boolean;
  /** Name of the member that all take for the leader. */
  readonly leader: string | undefined;
  /** What the lines of the members do not say: learners, disagreement, data that lags. */
  readonly remarks: readonly string[];
}

/** As etcdctl's own command timeout. */
export const healthDeadline = 5_000;

/** Entries by which a member may be behind in applying before it is worth a remark; under load a few hundred are usual. */
const lagTolerated = 5_000n;

/** Asks all members at once. Never rejects for anything that a member does. @param deadline milliseconds per question */
export async function proveHealth(spec: Spec, cluster: Cluster, deadline = healthDeadline): Promise<Health> {
  return judgeHealth(await Promise.all(spec.members.map((member) => proveMember(member, cluster, deadline))));
}

async function proveMember({ name, client: { url } }: MemberSpec, cluster: Cluster, deadline: number): Promise<MemberHealth> {
  const member = cluster.member(url);
  const startedAt = performance.now();
  const base = { name, url, alarms: [], status: undefined };
  try {
    const { tookMilliseconds } = await member.proveQuorum(deadline);
    const [alarms, status] = await Promise.all([
      member.alarms(deadline).catch(asUndefined),
      member.status(deadline).catch(asUndefined),
    ]);
    const error = alarms === undefined ? "Unable to fetch the alarm list" : alarms.length === 0 ? undefined : sayAlarms(alarms);
    return { ...base, healthy: error === undefined, tookMilliseconds, error, alarms: alarms ?? [], status };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    const tookMilliseconds = performance.now() - startedAt;
    const status = error.kind === "status" ? await member.status(deadline).catch(asUndefined) : undefined;
    return { ...base, healthy: false, tookMilliseconds, error: withoutUrl(error.message, url), status };
  }
}

function asUndefined(error: unknown): undefined {
  if (!(error instanceof EtcdError)) throw error;
}

/** With the trailing space that etcdctl prints (etcdctl/ctlv3/command/ep_command.go). */
const sayAlarms = (alarms: readonly Alarm[]): string => `Active Alarm(s): ${alarms.map(({ kind }) => `${kind} `).join("")}`;

const withoutUrl = (message: string, url: string): string => (message.startsWith(`${url}: `) ? message.slice(url.length + 2) : message);

/** Pure: what all the answers together mean. */
export function judgeHealth(members: readonly MemberHealth[]): Health {
  const answers = members.flatMap(({ name, status }) => (status === undefined ? [] : [{ name, status }]));
  const nameOf = (id: string): string => answers.find(({ status }) => status.memberId === id)?.name ?? `member ${id}`;
  const leaders = new Set(answers.map(({ status }) => status.leaderId));
  const clusters = new Set(answers.map(({ status }) => status.clusterId));
  const [only] = leaders;
  const agreed = leaders.size === 1 && only !== undefined && only !== "0";
  const newest = answers.reduce((most, { status }) => (status.raftIndex > most ? status.raftIndex : most), 0n);
  const disagreement = [
    ...(clusters.size > 1 ? [`the members belong to different clusters: ${answers.map(({ name, status }) => `${name} to ${status.clusterId}`).join(", ")}`] : []),
    ...(leaders.size > 1 ? [`the members disagree about the leader: ${answers.map(({ name, status }) => `${name} says ${status.leaderId === "0" ? "none" : nameOf(status.leaderId)}`).join(", ")}`] : []),
    ...(leaders.size === 1 && only === "0" ? ["there is no leader"] : []),
  ];
  const remarks = answers.flatMap(({ name, status }) => [
    ...(status.isLearner ? [`${name} is a learner and has no vote`] : []),
    ...(newest - status.raftAppliedIndex > lagTolerated ? [`${name} is ${newest - status.raftAppliedIndex} entries behind`] : []),
    ...status.errors.map((error) => `${name} reports: ${error}`),
  ]);
  return {
    members,
    healthy: members.every(({ healthy }) => healthy) && disagreement.length === 0,
    leader: agreed ? nameOf(only) : undefined,
    remarks: [...disagreement, ...remarks],
  };
}
