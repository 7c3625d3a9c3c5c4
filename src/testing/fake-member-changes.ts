/** Changes of a fake cluster's members, with the refusals of the real one (server/etcdserver mayAddMember and its like). */
import { EtcdError } from "../etcd/cluster.js";
import { memberIdOf } from "../etcd/identity.js";
import { quorumOf } from "../observe/quorum.js";
import { compareVersions } from "../plan/versions.js";
import type { FakeProcess } from "./fake-process.js";
import { peerDelay } from "./fake-etcd.js";
import { hasQuorum, isInTouch, lineOf, votersOf, type FakeEntry, type FakeReplica } from "./fake-replica.js";

/** Milliseconds for which peers must have been connected. */
export const healthInterval = 5_000;
/** Milliseconds that a member which was removed goes on running. */
const farewell = 1_000;

const precondition = (text: string): EtcdError => new EtcdError("status", `etcdserver: ${text}`, 9);
const unhealthy = (): EtcdError => new EtcdError("status", "etcdserver: unhealthy cluster", 14);
const tooFewStarted = (): EtcdError => precondition("re-configuration failed due to not enough started members");

export interface Asked {
  readonly replica: FakeReplica;
  /** The member that is asked. */
  readonly process: FakeProcess;
  /** Fake clock, milliseconds. */
  readonly now: number;
  /** Entries that a member lacks. */
  readonly lagOf: (process: FakeProcess) => number;
}

export function addLearner({ replica, process, now }: Asked, peerUrl: string): void {
  mustHaveQuorum(replica);
  const voters = votersOf(replica);
  const connected = connectedFor(replica, process, now);
  // Until these, one member down was enough to refuse, whatever the quorum (etcd-io/etcd#21667, #21669).
  const needed = knows(process, "3.5.30", "3.6.11") ? quorumOf(voters.length) : voters.length;
  if (connected < needed) throw unhealthy();
  const entries = [...replica.members.values()];
  if (entries.some((entry) => entry.peerUrl === peerUrl)) throw precondition("Peer URLs already exists");
  if (entries.some(({ learner }) => learner)) throw precondition("too many learner members in cluster");
  replica.index += 1;
  const id = memberIdOf([peerUrl], `added by entry ${replica.index} of ${replica.id}`);
  replica.members.set(id, { id, name: "", peerUrl, clientUrl: undefined, learner: true });
}

export function promoteMember({ replica, lagOf }: Asked, id: string): void {
  mustHaveQuorum(replica);
  const entry = entryOf(replica, id);
  if (!entry.learner) throw precondition("can only promote a learner member");
  const own = processOf(replica, id);
  if (own === undefined || !isInTouch(replica, own) || lagOf(own) > 0.1 * replica.index)
    throw precondition("can only promote a learner member which is in sync with leader");
  const started = votersOf(replica).filter(({ clientUrl }) => clientUrl !== undefined).length + 1;
  if (started < quorumOf(votersOf(replica).length + 1)) throw tooFewStarted();
  replica.index += 1;
  entry.learner = false;
}

export function removeMember({ replica, process, now }: Asked, id: string): void {
  mustHaveQuorum(replica);
  const entry = entryOf(replica, id);
  if (!entry.learner) mustDoWithout(replica, process, now, id);
  replica.index += 1;
  replica.members.delete(id);
  const own = processOf(replica, id);
  if (own !== undefined) replica.endsAt.set(own, now + farewell);
}

function mustDoWithout(replica: FakeReplica, asked: FakeProcess, now: number, id: string): void {
  const others = votersOf(replica).filter((voter) => voter.id !== id);
  const started = others.filter(({ clientUrl }) => clientUrl !== undefined).length;
  if (started < quorumOf(others.length)) throw tooFewStarted();
  const own = processOf(replica, id);
  if (own === undefined || !isInTouch(replica, own)) return;
  if (connectedFor(replica, asked, now) - 1 < quorumOf(others.length)) throw unhealthy();
}

export function updateMember({ replica, process }: Asked, id: string, peerUrl: string): void {
  mustHaveQuorum(replica);
  const entry = entryOf(replica, id);
  if ([...replica.members.values()].some((other) => other !== entry && other.peerUrl === peerUrl))
    throw precondition("Peer URLs already exists");
  replica.index += 1;
  entry.peerUrl = peerUrl;
  // etcd-io/etcd#21694: an update made a voter of a learner.
  if (!knows(process, "3.5.31", "3.6.12")) entry.learner = false;
}

export function changeDowngrade(
  { replica, process, now }: Asked,
  action: "validate" | "enable" | "cancel",
  line: string,
): void {
  if (compareVersions(process.version, "3.6.0") < 0) throw new EtcdError("status", "unknown method", 12);
  mustHaveQuorum(replica);
  if (action === "cancel") {
    if (replica.downgrade === undefined) throw precondition("cluster has no ongoing downgrade job");
    replica.downgrade = undefined;
    return;
  }
  if (replica.downgrade !== undefined) throw precondition("cluster has an ongoing downgrade job");
  const [major, minor = 0] = replica.line.split(".").map(Number);
  if (line !== `${major}.${minor - 1}`)
    throw new EtcdError("status", "etcdserver: invalid downgrade target version", 3);
  if (action === "enable") replica.downgrade = { line, since: now };
}

export function mustHaveQuorum(replica: FakeReplica): void {
  if (!hasQuorum(replica)) throw new EtcdError("deadline", "etcdserver: request timed out", 4);
}

function entryOf(replica: FakeReplica, id: string): FakeEntry {
  const entry = replica.members.get(id);
  if (entry === undefined) throw new EtcdError("status", "etcdserver: member not found", 5);
  return entry;
}

const processOf = ({ servesFrom }: FakeReplica, id: string): FakeProcess | undefined =>
  [...servesFrom.keys()].find(({ identity }) => identity.memberId === id);

/** Voters that the asked one has been connected to for long enough, itself included. */
function connectedFor(replica: FakeReplica, asked: FakeProcess, now: number): number {
  return votersOf(replica).filter(({ id }) => {
    if (id === asked.identity.memberId) return true;
    const other = processOf(replica, id);
    if (other === undefined || !isInTouch(replica, other)) return false;
    return now - (Math.max(other.startedAt, asked.startedAt) + peerDelay) >= healthInterval;
  }).length;
}

/** Whether a member's patch release has something that came with one of these, or is of a later line. */
function knows({ version }: FakeProcess, ...since: readonly string[]): boolean {
  const patched = since.find((one) => lineOf(one) === lineOf(version));
  return patched === undefined
    ? compareVersions(version, since.at(-1) ?? "") > 0
    : compareVersions(version, patched) >= 0;
}
