/** Proof of health: a linearizable read through every member, then its alarms and whom it takes for the leader. */
import { milliseconds as now } from "../monotonic.js";
import { mentionsAlarm } from "./alarms.js";
import { EtcdError, type Alarm, type HealthCluster, type HealthMember, type MemberStatus } from "../etcd/cluster.js";

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

/** Whom to ask: a spec will do. */
export interface Endpoints {
  readonly members: readonly { readonly name: string; readonly client: { readonly url: string } }[];
}

/** Milliseconds for which members that are connected wait for the others, so that no handshake disturbs a timed read. */
const assembly = 250;

/** Asks all members at once. Never rejects for anything that a member does. @param deadline milliseconds per member */
export async function proveHealth(spec: Endpoints, cluster: HealthCluster, deadline = healthDeadline): Promise<Health> {
  const asked = spec.members.map(({ name, client: { url } }) => {
    const member = cluster.member(url);
    const startedAt = now();
    const reached = member.reach(deadline).catch(asEtcdError);
    const status = member.status(deadline).catch(asEtcdError);
    return { name, url, member, startedAt, reached, status };
  });
  await atMost(assembly, Promise.all(asked.map(({ reached }) => reached)));
  const proofs = await Promise.all(asked.map((one) => proveMember(one, deadline)));
  const alarms = await alarmsOf(proofs, cluster, deadline);
  return judgeHealth(proofs.map((proof) => heeding(proof, alarms)));
}

interface Asked {
  readonly name: string;
  readonly url: string;
  readonly member: HealthMember;
  readonly startedAt: number;
  /** Why not, if not. */
  readonly reached: Promise<EtcdError | void>;
  readonly status: Promise<MemberStatus | EtcdError>;
}

async function proveMember(
  { name, url, member, startedAt, reached, status }: Asked,
  deadline: number,
): Promise<MemberHealth> {
  const unreached = await reached;
  const left = Math.max(1, deadline - (now() - startedAt));
  const read = unreached ?? member.proveQuorum(left).catch(asEtcdError);
  const told = await status;
  const base = { name, url, alarms: [], status: told instanceof EtcdError ? undefined : told };
  const failed = (error: EtcdError): MemberHealth => ({
    ...base,
    healthy: false,
    tookMilliseconds: now() - startedAt,
    error: withoutUrl(error.message, url),
  });
  // A refusal is an answer: the member lives, and may yet let us read.
  if (told instanceof EtcdError && told.kind !== "status") return failed(told);
  const proof = await read;
  if (proof instanceof EtcdError) return failed(proof);
  return { ...base, healthy: true, tookMilliseconds: proof.tookMilliseconds, error: undefined };
}

/** All members have the same alarms. @returns undefined when nobody tells */
async function alarmsOf(
  proofs: readonly MemberHealth[],
  cluster: HealthCluster,
  deadline: number,
): Promise<readonly Alarm[] | undefined> {
  const proven = proofs.filter(({ healthy }) => healthy);
  const statuses = proofs.flatMap(({ status }) => status ?? []);
  if (proven.length === 0 || (statuses.length > 0 && !statuses.some(mentionsAlarm))) return [];
  for (const { url } of proven) {
    const alarms = await cluster.member(url).alarms(deadline).catch(asEtcdError);
    if (!(alarms instanceof EtcdError)) return alarms;
  }
  return undefined;
}

/** As etcdctl has it: an alarm makes every member of its cluster unhealthy. */
function heeding(proof: MemberHealth, alarms: readonly Alarm[] | undefined): MemberHealth {
  if (!proof.healthy) return proof;
  if (alarms === undefined) return { ...proof, healthy: false, error: "Unable to fetch the alarm list" };
  if (alarms.length === 0) return proof;
  return { ...proof, healthy: false, error: sayAlarms(alarms), alarms };
}

/** What went wrong over there is a value; anything else is our own fault. */
function asEtcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  throw error;
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** With the trailing space that etcdctl prints (etcdctl/ctlv3/command/ep_command.go). */
const sayAlarms = (alarms: readonly Alarm[]): string =>
  `Active Alarm(s): ${alarms.map(({ kind }) => `${kind} `).join("")}`;

const withoutUrl = (message: string, url: string): string =>
  message.startsWith(`${url}: `) ? message.slice(url.length + 2) : message;

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
    ...(clusters.size > 1
      ? [
          `the members belong to different clusters: ${answers.map(({ name, status }) => `${name} to ${status.clusterId}`).join(", ")}`,
        ]
      : []),
    ...(leaders.size > 1
      ? [
          `the members disagree about the leader: ${answers.map(({ name, status }) => `${name} says ${status.leaderId === "0" ? "none" : nameOf(status.leaderId)}`).join(", ")}`,
        ]
      : []),
    ...(leaders.size === 1 && only === "0" ? ["there is no leader"] : []),
  ];
  const remarks = answers.flatMap(({ name, status }) => [
    ...(status.isLearner ? [`${name} is a learner and has no vote`] : []),
    ...(newest - status.raftAppliedIndex > lagTolerated
      ? [`${name} is ${newest - status.raftAppliedIndex} entries behind`]
      : []),
    ...status.errors.map((error) => `${name} reports: ${error}`),
  ]);
  return {
    members,
    healthy: members.every(({ healthy }) => healthy) && disagreement.length === 0,
    leader: agreed ? nameOf(only) : undefined,
    remarks: [...disagreement, ...remarks],
  };
}
