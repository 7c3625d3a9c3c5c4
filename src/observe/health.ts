/** Proof of health: a linearizable read through every member, then its alarms and whom it takes for the leader. */
import { milliseconds as now } from "../monotonic.js";
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
  const alarms = askAlarms(asked, deadline);
  await atMost(assembly, Promise.all(asked.map(({ reached }) => reached)));
  return judgeHealth(await Promise.all(asked.map((one) => proveMember(one, alarms, deadline))));
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

/**
 * All members have the same alarms, and the question is a proposal that is written to every disk. So it is put once, to
 * the member that is reached first, while handshakes with the others go on; to another one only when that does not answer.
 */
async function askAlarms(asked: readonly Asked[], deadline: number): Promise<readonly Alarm[] | undefined> {
  const left = new Set(asked);
  while (left.size > 0) {
    const one = await Promise.race([...left].map((each) => each.reached.then(() => each)));
    left.delete(one);
    if ((await one.reached) instanceof EtcdError) continue;
    const alarms = await one.member.alarms(deadline).catch(asEtcdError);
    if (!(alarms instanceof EtcdError)) return alarms;
  }
  return undefined;
}

async function proveMember(
  { name, url, member, startedAt, reached, status }: Asked,
  asked: ReturnType<typeof askAlarms>,
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
  const { tookMilliseconds } = proof;
  const alarms = await asked;
  if (alarms === undefined)
    return { ...base, healthy: false, tookMilliseconds, error: "Unable to fetch the alarm list" };
  return {
    ...base,
    healthy: alarms.length === 0,
    tookMilliseconds,
    error: alarms.length === 0 ? undefined : sayAlarms(alarms),
    alarms,
  };
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
