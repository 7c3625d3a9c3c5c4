/** The clusters that the processes of all machines make up together. */
import type { ListedMember } from "../etcd/cluster.js";
import type { Clock } from "../world.js";
import { placeOf, readIdentity, type FakeIdentity, type FakeVoter } from "./fake-identity.js";
import type { FakeMachine } from "./fake-machine.js";
import { LaunchFailure, type FakeProcess } from "./fake-process.js";
import {
  hasQuorum,
  isInTouch,
  newReplica,
  settleLine,
  versionRefusal,
  voicesOf,
  type FakeReplica,
} from "./fake-replica.js";

/** Milliseconds from a process's start to its peer listener, and from a quorum of processes to an elected leader. */
export const peerDelay = 20;
export const electionDelay = 80;
/** Milliseconds in which one that begins empty gets what the others have. */
const catchUpDelay = 300;

export class FakeEtcd {
  readonly #machines: readonly FakeMachine[];
  readonly #clock: Clock;
  readonly #replicas = new Map<string, FakeReplica>();
  /** Members that began empty although they had had data: what must never happen. */
  readonly amnesia: string[] = [];
  /** Names of members that have no connection with each other, and say so; nothing else comes of it here. */
  cut: readonly string[] = [];

  constructor(machines: readonly FakeMachine[], clock: Clock) {
    this.#machines = machines;
    this.#clock = clock;
  }

  /** Lets the processes of a machine meet those of the others. */
  wire(machine: FakeMachine): void {
    machine.supervisor.admit = (process) => this.#admit(machine, process);
    machine.supervisor.join = (initial, name) => this.#invite(initial, name);
  }

  /** A member that has served before and comes empty is turned away by the others, if they can be asked. */
  #admit(machine: FakeMachine, process: FakeProcess): void {
    this.settle();
    const { clusterId, memberId } = process.identity;
    const replica = this.#replicas.get(clusterId);
    const key = `${clusterId}/${memberId}`;
    if (process.fresh && machine.had.has(key)) this.amnesia.push(`${machine.name} began empty as ${key}`);
    machine.had.add(key);
    if (replica === undefined) return;
    const asked = [...replica.servesFrom.keys()].some((other) => this.#serves(replica, other));
    if (process.fresh && !process.joined && asked && replica.members.get(memberId)?.clientUrl !== undefined)
      throw new LaunchFailure(`member ${memberId} has already been bootstrapped`);
    const refusal = versionRefusal(replica, process.version);
    if (refusal !== undefined) throw new LaunchFailure(refusal);
  }

  /** One that joins asks the others who they are, and goes away when its own list is another. */
  #invite(initial: readonly FakeVoter[], name: string): FakeIdentity {
    const self = initial.find((entry) => entry.name === name);
    for (const { peerUrl } of initial) {
      const process = peerUrl === self?.peerUrl ? undefined : this.at("peer", peerUrl);
      const replica = process && this.#replicas.get(process.identity.clusterId);
      if (process === undefined || replica === undefined || !this.peerListens(process) || !hasQuorum(replica)) continue;
      const entries = [...replica.members.values()];
      const [told, known] = [initial, entries].map((list) =>
        list
          .map((entry) => entry.peerUrl)
          .toSorted()
          .join(" "),
      );
      if (initial.length !== entries.length)
        throw new LaunchFailure("error validating peerURLs: member count is unequal");
      if (told !== known)
        throw new LaunchFailure("error validating peerURLs: unmatched member while checking PeerURLs");
      const entry = entries.find((other) => other.peerUrl === self?.peerUrl);
      if (entry !== undefined) return { clusterId: replica.id, memberId: entry.id, voters: entries };
    }
    throw new LaunchFailure("cannot fetch cluster info from peer urls: could not retrieve cluster information");
  }

  /** Count processes again; asked whenever something is to be known, so nobody need announce a change. */
  settle(): void {
    this.#publish();
    this.#sendOff();
    const running = this.#machines.flatMap(({ supervisor: { process } }) => (process === undefined ? [] : [process]));
    for (const process of running) this.#enter(process);
    for (const replica of this.#replicas.values()) {
      for (const process of replica.servesFrom.keys())
        if (!running.includes(process)) replica.servesFrom.delete(process);
      this.#elect(replica);
      settleLine(replica);
      if (replica.servesFrom.size === 0 && !this.#hasData(replica.id)) this.#replicas.delete(replica.id);
    }
  }

  #replica(identity: FakeIdentity): FakeReplica {
    const replica = this.#replicas.get(identity.clusterId) ?? newReplica(identity);
    this.#replicas.set(identity.clusterId, replica);
    return replica;
  }

  /** As if a member had served in earlier days. */
  remember(identity: FakeIdentity, clientUrl: string): void {
    const entry = this.#replica(identity).members.get(identity.memberId);
    if (entry !== undefined) entry.clientUrl = clientUrl;
  }

  #enter(process: FakeProcess): void {
    const replica = this.#replica(process.identity);
    if (!replica.servesFrom.has(process)) replica.servesFrom.set(process, Number.POSITIVE_INFINITY);
    // One that was removed while it was down is told so when it is back.
    if (!replica.members.has(process.identity.memberId) && hasQuorum(replica) && !replica.endsAt.has(process))
      replica.endsAt.set(process, this.#clock.now() + peerDelay);
  }

  /** A member that was removed ends by itself, with exit code 0. */
  #sendOff(): void {
    for (const { endsAt } of this.#replicas.values())
      for (const [process, at] of endsAt) {
        if (this.#clock.now() < at) continue;
        endsAt.delete(process);
        this.machineOf(process)?.supervisor.exit("the member has been permanently removed from the cluster");
      }
  }

  #elect(replica: FakeReplica): void {
    const now = this.#clock.now();
    const { servesFrom } = replica;
    if (!hasQuorum(replica)) {
      replica.leader = undefined;
      // Who serves goes on serving; who was about to waits for the next election.
      for (const [process, from] of servesFrom) if (from > now) servesFrom.set(process, Number.POSITIVE_INFINITY);
      return;
    }
    for (const [process, from] of servesFrom)
      if (from === Number.POSITIVE_INFINITY && isInTouch(replica, process))
        servesFrom.set(process, now + electionDelay);
    const voices = voicesOf(replica);
    if (replica.leader !== undefined && voices.includes(replica.leader)) return;
    const rank = (process: FakeProcess): string => replica.members.get(process.identity.memberId)?.peerUrl ?? "";
    [replica.leader] = voices.toSorted((a, b) => this.lagOf(a) - this.lagOf(b) || (rank(a) < rank(b) ? -1 : 1));
    replica.term += 1;
  }

  #publish(): void {
    for (const replica of this.#replicas.values()) {
      if (!hasQuorum(replica)) continue;
      for (const process of replica.servesFrom.keys()) {
        const entry = replica.members.get(process.identity.memberId);
        if (entry === undefined || !this.#serves(replica, process) || !isInTouch(replica, process)) continue;
        entry.name = process.name;
        entry.clientUrl = process.clientUrl;
      }
    }
  }

  #hasData(clusterId: string): boolean {
    return this.#machines.some(({ files, member }) => readIdentity(files, placeOf(member))?.clusterId === clusterId);
  }

  #serves(replica: FakeReplica, process: FakeProcess): boolean {
    return (replica.servesFrom.get(process) ?? Number.POSITIVE_INFINITY) <= this.#clock.now();
  }

  machineOf(process: FakeProcess): FakeMachine | undefined {
    return this.#machines.find(({ supervisor }) => supervisor.process === process);
  }

  /** The process behind a URL on a machine that has power and the address, whatever ssh says. */
  at(api: "client" | "peer", url: string): FakeProcess | undefined {
    this.settle();
    const running = this.#machines.filter(({ powered }) => powered).map(({ supervisor: { process } }) => process);
    return running.find((process) => process?.listen[api].includes(url));
  }

  peerListens(process: FakeProcess): boolean {
    return this.#clock.now() >= process.startedAt + peerDelay;
  }

  serves(process: FakeProcess): boolean {
    const replica = this.#replicas.get(process.identity.clusterId);
    return replica !== undefined && this.#serves(replica, process);
  }

  /** The cluster of a running process. */
  of(process: FakeProcess): FakeReplica {
    return this.#replica(process.identity);
  }

  /** Entries of the log that a member has not got yet. */
  lagOf(process: FakeProcess): number {
    const { index, servesFrom } = this.of(process);
    const from = process.fresh ? (servesFrom.get(process) ?? Number.POSITIVE_INFINITY) + catchUpDelay : 0;
    const behind = process.joined && this.#clock.now() < from ? index : 0;
    return Math.min(index, Math.max(behind, this.machineOf(process)?.lagging ?? 0));
  }

  /** Hex ID of the leader that a member knows; "0" when there is none. */
  leaderOf(process: FakeProcess): { leaderId: string; term: number } {
    const replica = this.of(process);
    return {
      leaderId: isInTouch(replica, process) ? (replica.leader?.identity.memberId ?? "0") : "0",
      term: replica.term,
    };
  }

  /** Members of a first start have their names from the beginning; client URLs come when they first serve. */
  listing(process: FakeProcess): ListedMember[] {
    return [...this.of(process).members.values()].map(({ id, name, peerUrl, clientUrl, learner }) => ({
      id,
      name,
      peerUrls: [peerUrl],
      clientUrls: clientUrl === undefined ? [] : [clientUrl],
      isLearner: learner,
    }));
  }
}
