/**
 * Looks again at just the part of the world that a step's effect is seen in, and keeps the observation of the whole
 * up to date. Members are polled quickly over the network; hosts, which cost a round trip, seldom.
 */
import type { HostObservation } from "../host/host.js";
import { factsOf } from "../observe/facts-of.js";
import { equal, withMember, type Facts, type MemberFacts } from "../observe/facts.js";
import type { Observation } from "../observe/observation.js";
import { observeEndpoint, observeTrust, withAuth, withPublished } from "../observe/observe.js";
import { questionFor } from "../observe/question.js";
import { everyone, type Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import type { Formed } from "./ledger.js";

/** Where a fact is seen: on the host, at the peer listener, at the member's client API, in what all members say, or of users. */
export type Sight = "host" | "peer" | "client" | "cluster" | "auth";

/** Milliseconds that one look at a member may take. */
const lookDeadline = 1_000;

const seenElsewhere: Partial<Record<keyof MemberFacts, Sight>> = {
  peer: "peer",
  serving: "client",
  version: "client",
  caughtUp: "client",
  fragmented: "client",
  roomy: "client",
  corrupt: "cluster",
  storage: "cluster",
  leader: "cluster",
  learner: "cluster",
  listed: "cluster",
  listedAt: "cluster",
};

/** Where one must look to see a member come from one set of facts to the other; empty when they are equal. */
export function sightsBetween(now: MemberFacts | undefined, wanted: MemberFacts | undefined): Set<Sight> {
  const sights = new Set<Sight>();
  if (now === undefined || wanted === undefined) return sights;
  for (const key of Object.keys(wanted) as (keyof MemberFacts)[]) {
    if (!equal(now[key], wanted[key])) sights.add(seenElsewhere[key] ?? "host");
  }
  return sights;
}

export class Watcher {
  readonly #spec: Spec;
  readonly #world: World;
  readonly #versions: readonly string[];
  readonly #formed: Formed | undefined;
  readonly #saved: readonly string[];
  #seen: Observation;
  readonly #peers = new Map<string, boolean>();
  /** Of what was seen last. */
  #facts: Facts | undefined;

  constructor(scene: {
    readonly spec: Spec;
    readonly world: World;
    readonly versions: readonly string[];
    readonly seen: Observation;
    readonly formed: Formed | undefined;
    readonly saved: readonly string[];
  }) {
    this.#spec = scene.spec;
    this.#world = scene.world;
    this.#versions = scene.versions;
    this.#seen = scene.seen;
    this.#formed = scene.formed;
    this.#saved = scene.saved;
  }

  facts(): Facts {
    this.#facts ??= this.#fold();
    return this.#facts;
  }

  #fold(): Facts {
    let facts = factsOf(this.#spec, this.#seen, this.#versions, this.#formed, this.#saved);
    for (const [name, serves] of this.#peers) {
      if (serves) facts = withMember(facts, name, { peer: "yes" });
    }
    return facts;
  }

  host(name: string): HostObservation | undefined {
    return this.#seen.hosts[name];
  }

  /** What a member's API has said counts no longer: it must be asked again. */
  forget(name: string): void {
    this.#peers.delete(name);
    const silence = { state: "silent", why: "it has just been restarted", kind: "unreachable" } as const;
    this.#seen = { ...this.#seen, etcd: { ...this.#seen.etcd, [name]: silence } };
    this.#facts = undefined;
  }

  /** What all members say, at one instant. */
  async lookAround(): Promise<void> {
    const etcd = Object.fromEntries(
      await Promise.all(
        everyone(this.#spec).map(
          async ({ name, client }) =>
            [name, await observeEndpoint(this.#world.cluster.member(client.url), lookDeadline)] as const,
        ),
      ),
    );
    this.#seen = await withPublished(this.#spec, this.#world, { ...this.#seen, etcd });
    this.#facts = undefined;
  }

  async look(name: string, sight: Sight): Promise<void> {
    if (sight === "cluster") return this.lookAround();
    if (sight === "auth") {
      this.#seen = await withAuth(this.#spec, this.#world, this.#seen);
      this.#facts = undefined;
      return undefined;
    }
    const member = everyone(this.#spec).find((candidate) => candidate.name === name);
    if (member === undefined) return undefined;
    if (sight === "host") {
      const host = await this.#world.host(name).observe(questionFor(this.#spec, member, this.#versions));
      const hosts = { ...this.#seen.hosts, [name]: host };
      const trust = await observeTrust(this.#spec, this.#world, hosts, this.#world.clock.now());
      this.#seen = { ...this.#seen, hosts: { ...this.#seen.hosts, [name]: host }, ...trust };
    } else if (sight === "peer") {
      this.#peers.set(name, await this.#world.cluster.peerServes(member.peer.url, lookDeadline));
    } else {
      const endpoint = await observeEndpoint(this.#world.cluster.member(member.client.url), lookDeadline);
      this.#seen = { ...this.#seen, etcd: { ...this.#seen.etcd, [name]: endpoint } };
    }
    this.#facts = undefined;
    return undefined;
  }
}
