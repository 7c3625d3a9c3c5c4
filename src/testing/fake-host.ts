/** One connection of one running quorate to a fake machine. */
import { dirname, join, resolve } from "node:path";
import { QuorateError } from "../errors.js";
import type { Host, HostAction, HostObservation, HostQuestion, LockHolder, PathStat, Reachable } from "../host/host.js";
import { sha256Of } from "../plan/digest.js";
import type { Clock } from "../world.js";
import { perform } from "./fake-actions.js";
import { dataFact } from "./fake-identity.js";
import type { FakeMachine } from "./fake-machine.js";

/** Milliseconds of one round trip. */
const roundTrip = 1;

export interface Connection {
  /** The member's name, as the operator knows it. */
  readonly name: string;
  readonly machine: FakeMachine;
  readonly clock: Clock;
  /** Whether the member's process serves, which a supervisor is told by the process itself. */
  readonly ready: () => boolean;
  /** Throws when the quorate that holds the connection is dead. */
  readonly alive: () => void;
}

export class FakeHost implements Host {
  readonly name: string;
  roundTrips = 0;
  readonly #connection: Connection;
  #evicted = false;
  #underWay = 0;
  /** What is sent to a host is carried out in the order in which it was sent. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.name = connection.name;
    this.#connection = connection;
  }

  #send<T>(work: () => Promise<T>): Promise<T> {
    // What is waited for together is one round trip.
    if (this.#underWay === 0) this.roundTrips += 1;
    this.#underWay += 1;
    const { alive, clock } = this.#connection;
    const turn = this.#queue.then(async () => {
      await clock.sleep(roundTrip);
      alive();
      return work();
    });
    this.#queue = turn.then(
      () => (this.#underWay -= 1),
      () => (this.#underWay -= 1),
    );
    return turn;
  }

  #mustAnswer(): void {
    const { machine, name } = this.#connection;
    if (!machine.answers)
      throw new QuorateError("E_HOST_UNREACHABLE", `${name}: no answer from ${machine.member.address}`, {
        where: name,
      });
    if (this.#evicted)
      throw new QuorateError(
        "E_LOCK_LOST",
        `${name}: the connection that held the lock was lost, so nothing more is changed`,
        { where: name },
      );
  }

  observe(question: HostQuestion): Promise<HostObservation> {
    return this.#send(async () => {
      try {
        this.#mustAnswer();
      } catch (error) {
        if (error instanceof QuorateError) return { reach: "unreachable", error };
        throw error;
      }
      return this.#look(question);
    });
  }

  act(actions: readonly HostAction[], progress?: (bytesSent: number) => void): Promise<void> {
    return this.#send(async () => {
      let sent = 0;
      for (const action of actions) {
        this.#connection.alive();
        this.#mustAnswer();
        sent += await perform(this.#connection.machine, action);
        if (action.do === "put-file") progress?.(sent);
      }
    });
  }

  lock(holder: LockHolder, steal = false): Promise<LockHolder | undefined> {
    return this.#send(async () => {
      this.#evicted = false;
      this.#mustAnswer();
      const { machine } = this.#connection;
      const held = machine.lock;
      if (held !== undefined && held.by !== this) {
        if (!steal) return held.holder;
        held.evict();
      }
      // Taking the lock makes the folder that it stands in.
      const { state } = machine.member.paths;
      if (!machine.files.isFolder(state)) machine.files.makeFolder(state, "0755", "root", "root");
      machine.lock = { holder, by: this, evict: () => (this.#evicted = true) };
      return undefined;
    });
  }

  unlock(): Promise<void> {
    return this.#send(async () => this.letGo());
  }

  /** What the host does by itself when the connection ends. */
  letGo(): void {
    const { machine } = this.#connection;
    if (machine.lock?.by === this) machine.lock = undefined;
  }

  async close(): Promise<void> {
    this.letGo();
  }

  #look(question: HostQuestion): Reachable {
    const { machine, ready } = this.#connection;
    const { files } = machine;
    const look = <T>(paths: readonly string[], one: (path: string) => T | undefined): Record<string, T> =>
      Object.fromEntries(
        paths.flatMap((path) => [one(path)].flatMap((seen) => (seen === undefined ? [] : [[path, seen]]))),
      );
    const disk = { freeBytes: machine.freeBytes, readOnly: machine.readOnly, noExec: machine.noExec };
    return {
      reach: "reachable",
      arch: machine.arch,
      machineId: machine.machineId,
      bootId: `boot-${machine.boots}`,
      systemd: machine.systemd,
      root: machine.root,
      openssl: machine.openssl,
      clockSkew: machine.clockSkew,
      memoryTotal: machine.memoryTotal,
      addresses: machine.addresses,
      userExists: machine.users.has(question.user),
      texts: look(question.texts, (path) => files.text(path)),
      stats: look(question.stats, (path) => statOf(machine, path)),
      digests: look(
        question.digests,
        (path) => [files.read(path)].flatMap((bytes) => (bytes === undefined ? [] : [sha256Of(bytes)]))[0],
      ),
      releases: look(question.releases, (path) => sealOf(machine, path)),
      disks: look([question.data, question.state, ...question.stats, ...question.releases], () => disk),
      service: machine.supervisor.look(ready()),
      data: dataFact(files, question),
      listeners: [
        ...machine.strangers.filter(({ port }) => question.ports.includes(port)),
        ...ownListeners(machine, question),
      ],
      lock: machine.lock?.holder,
      mark: files.text(join(question.state, "member.json")),
    };
  }
}

function statOf({ files }: FakeMachine, path: string): PathStat | undefined {
  const node = files.stat(path);
  if (node === undefined) return undefined;
  const { kind, mode, owner, group, bytes, target } = node;
  return {
    kind,
    mode,
    owner,
    group,
    size: bytes.byteLength,
    target: kind === "link" ? resolve(dirname(path), target) : undefined,
  };
}

function sealOf({ files }: FakeMachine, path: string): string | undefined {
  const manifest = files.text(join(path, "manifest"));
  if (manifest === undefined) return undefined;
  const whole = manifest.split("\n").every((line) => {
    const [digest, name = ""] = line.split(" ");
    return sha256Of(files.read(join(path, name)) ?? "") === digest && files.stat(join(path, name))?.mode === "0755";
  });
  return whole ? sha256Of(manifest) : "damaged";
}

function ownListeners({ supervisor: { process } }: FakeMachine, { ports }: HostQuestion): Reachable["listeners"] {
  if (process === undefined) return [];
  const { client, peer } = process.listen;
  const own = [...client, ...peer].map((url) => new URL(url)).filter(({ port }) => ports.includes(Number(port)));
  return own.map(({ hostname, port }) => ({
    address: hostname,
    port: Number(port),
    pid: process.pid,
    command: "etcd",
  }));
}
