/** The clusters that the processes of all machines make up together. */
import type { ListedMember } from "../etcd/cluster.js";
import type { Clock } from "../world.js";
import { quorumOf } from "../observe/quorum.js";
import { placeOf, readIdentity, type FakeIdentity, type FakeVoter } from "./fake-identity.js";
import type { FakeMachine } from "./fake-machine.js";
import { LaunchFailure, type FakeProcess } from "./fake-process.js";

/** Milliseconds from a process's start to its peer listener, and from a quorum of processes to an elected leader. */
export const peerDelay = 20;
export const electionDelay = 80;

/** What is replicated: it lives as long as any machine has data of it. */
interface FakeCluster {
  readonly id: string;
  readonly voters: readonly FakeVoter[];
  /** Client URLs, which a member publishes when it first serves, by member ID. */
  readonly published: Map<string, string>;
  /** When each running process serves, by its pid and machine; kept while it runs, with a quorum or without. */
  readonly servesFrom: Map<FakeProcess, number>;
  leader: FakeProcess | undefined;
  term: number;
}

export class FakeEtcd {
  readonly #machines: readonly FakeMachine[];
  readonly #clock: Clock;
  readonly #clusters = new Map<string, FakeCluster>();
  /** Members that began empty although they had had data: what must never happen. */
  readonly amnesia: string[] = [];

  constructor(machines: readonly FakeMachine[], clock: Clock) {
    this.#machines = machines;
    this.#clock = clock;
    for (const machine of machines) machine.supervisor.admit = (process) => this.#admit(machine, process);
  }

  /** A member that has served before and comes empty is turned away by the others, if they can be asked. */
  #admit(machine: FakeMachine, process: FakeProcess): void {
    this.#publish();
    const { clusterId, memberId } = process.identity;
    const key = `${clusterId}/${memberId}`;
    if (process.fresh && machine.had.has(key)) this.amnesia.push(`${machine.name} began empty as ${key}`);
    machine.had.add(key);
    const cluster = this.#clusters.get(clusterId);
    const asked = cluster !== undefined && [...cluster.servesFrom.keys()].some((other) => this.#serves(cluster, other));
    if (process.fresh && asked && cluster.published.has(memberId))
      throw new LaunchFailure(`member ${memberId} has already been bootstrapped`);
  }

  /** Count processes again; asked whenever something is to be known, so nobody need announce a change. */
  settle(): void {
    this.#publish();
    const running = this.#machines.flatMap(({ supervisor: { process } }) => (process === undefined ? [] : [process]));
    for (const process of running) this.#join(process);
    for (const cluster of this.#clusters.values()) {
      for (const process of cluster.servesFrom.keys())
        if (!running.includes(process)) cluster.servesFrom.delete(process);
      this.#elect(cluster);
      if (cluster.servesFrom.size === 0 && !this.#hasData(cluster.id)) this.#clusters.delete(cluster.id);
    }
  }

  #cluster({ clusterId, voters }: FakeIdentity): FakeCluster {
    const cluster = this.#clusters.get(clusterId) ?? {
      id: clusterId,
      voters,
      published: new Map(),
      servesFrom: new Map(),
      leader: undefined,
      term: 1,
    };
    this.#clusters.set(clusterId, cluster);
    return cluster;
  }

  /** As if a member had served in earlier days. */
  remember(identity: FakeIdentity, clientUrl: string): void {
    this.#cluster(identity).published.set(identity.memberId, clientUrl);
  }

  #join(process: FakeProcess): void {
    const cluster = this.#cluster(process.identity);
    if (!cluster.servesFrom.has(process)) cluster.servesFrom.set(process, Number.POSITIVE_INFINITY);
  }

  #elect(cluster: FakeCluster): void {
    const now = this.#clock.now();
    const voices = [...cluster.servesFrom.keys()];
    if (voices.length < quorumOf(cluster.voters.length)) {
      cluster.leader = undefined;
      // Who serves goes on serving; who was about to waits for the next election.
      for (const [process, from] of cluster.servesFrom)
        if (from > now) cluster.servesFrom.set(process, Number.POSITIVE_INFINITY);
      return;
    }
    for (const [process, from] of cluster.servesFrom) {
      if (from === Number.POSITIVE_INFINITY) cluster.servesFrom.set(process, now + electionDelay);
    }
    if (cluster.leader === undefined || !voices.includes(cluster.leader)) {
      cluster.leader = voices.toSorted((a, b) => (a.peerUrl < b.peerUrl ? -1 : 1))[0];
      cluster.term += 1;
    }
  }

  #publish(): void {
    for (const cluster of this.#clusters.values()) {
      for (const process of cluster.servesFrom.keys()) {
        if (this.#serves(cluster, process)) cluster.published.set(process.identity.memberId, process.clientUrl);
      }
    }
  }

  #hasData(clusterId: string): boolean {
    return this.#machines.some(({ files, member }) => readIdentity(files, placeOf(member))?.clusterId === clusterId);
  }

  #serves(cluster: FakeCluster, process: FakeProcess): boolean {
    return (cluster.servesFrom.get(process) ?? Number.POSITIVE_INFINITY) <= this.#clock.now();
  }

  /** The process behind a URL on a machine that has power, whatever ssh says. */
  at(url: "clientUrl" | "peerUrl", value: string): FakeProcess | undefined {
    this.settle();
    const running = this.#machines.filter(({ powered }) => powered).map(({ supervisor: { process } }) => process);
    return running.find((process) => process?.[url] === value);
  }

  peerListens(process: FakeProcess): boolean {
    return this.#clock.now() >= process.startedAt + peerDelay;
  }

  serves(process: FakeProcess): boolean {
    const cluster = this.#clusters.get(process.identity.clusterId);
    return cluster !== undefined && this.#serves(cluster, process);
  }

  /** Hex ID of the leader that a member knows; "0" when there is none. */
  leaderOf(process: FakeProcess): { leaderId: string; term: number } {
    const cluster = this.#clusters.get(process.identity.clusterId);
    return { leaderId: cluster?.leader?.identity.memberId ?? "0", term: cluster?.term ?? 0 };
  }

  moveLeader(process: FakeProcess, memberId: string): boolean {
    const cluster = this.#clusters.get(process.identity.clusterId);
    const target = [...(cluster?.servesFrom.keys() ?? [])].find(({ identity }) => identity.memberId === memberId);
    if (cluster === undefined || target === undefined || cluster.leader !== process) return false;
    cluster.leader = target;
    return true;
  }

  /** Members of a first start have their names from the beginning; client URLs come when they first serve. */
  listing(process: FakeProcess): ListedMember[] {
    const cluster = this.#clusters.get(process.identity.clusterId);
    return (cluster?.voters ?? []).map(({ id, name, peerUrl }) => {
      const clientUrl = cluster?.published.get(id);
      return {
        id,
        name,
        peerUrls: [peerUrl],
        clientUrls: clientUrl === undefined ? [] : [clientUrl],
        isLearner: false,
      };
    });
  }
}
