/** Look at every host and every member at once: one round trip per host, one RPC burst per member. */
import type { Member } from "../etcd/cluster.js";
import { EtcdError } from "../etcd/cluster.js";
import type { HostObservation } from "../host/host.js";
import type { ListVerdict, TrustVerdict } from "../pki/authority.js";
import { everyone, type MemberSpec, type Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { mentionsAlarm } from "./alarms.js";
import { observeAuth } from "./auth.js";
import { readListing } from "./listing.js";
import type { EndpointObservation, Observation } from "./observation.js";
import { questionFor, trustPaths } from "./question.js";

/** How long a member may take to say how it is. A frozen member costs this much and no more. */
const memberDeadline = 2_000;

/**
 * @param versions releases to look for on each host; the version that the spec wants and those it may come from
 * @returns never rejects for anything that a host or a member does: that is part of what was seen
 */
export async function observe(spec: Spec, world: World, versions: readonly string[]): Promise<Observation> {
  const at = world.clock.now();
  const [hosts, etcd] = await Promise.all([
    perMember(spec, (member) => world.host(member.name).observe(questionFor(spec, member, versions))),
    observeEndpoints(spec, world),
  ]);
  const seen = await withPublished(spec, world, { at, hosts, etcd, ...(await observeTrust(spec, world, hosts, at)) });
  return withAuth(spec, world, seen);
}

/** With what the members that serve say of users and roles. */
export async function withAuth(spec: Spec, world: World, seen: Observation): Promise<Observation> {
  return spec.auth === undefined ? seen : { ...seen, auth: await observeAuth(spec, world, seen.etcd) };
}

/**
 * Members are asked where the cluster says that they are, too: a stranger counts for the quorum like any other, and one
 * that is to move still serves at its old address, where the file's may be another member's by now.
 */
export async function withPublished(spec: Spec, world: World, seen: Observation): Promise<Observation> {
  const { entries, strangers } = readListing(spec, seen);
  const elsewhere = [...entries, ...strangers].filter(([name, { id }]) => !speaksFor(seen.etcd[name], id));
  const asked = await Promise.all(
    elsewhere.map(async ([name, { id, clientUrls }]) => {
      const own = everyone(spec).find((member) => member.name === name)?.client.url;
      const others = clientUrls.filter((url) => url !== own);
      for (const url of others) {
        const endpoint = await observeEndpoint(world.cluster.member(url));
        if (speaksFor(endpoint, id)) return [name, endpoint] as const;
      }
      const before = seen.etcd[name];
      const why = before?.state === "silent" ? before.why : "another member answers at its address";
      return [name, { state: "silent", why, kind: "unreachable" } satisfies EndpointObservation] as const;
    }),
  );
  return asked.length === 0 ? seen : { ...seen, etcd: { ...seen.etcd, ...Object.fromEntries(asked) } };
}

const speaksFor = (endpoint: EndpointObservation | undefined, id: string): boolean =>
  endpoint?.state === "serving" && endpoint.status.memberId === id;

/** The client APIs alone; what `health` and `status` need. */
export async function observeEndpoints(spec: Spec, world: World): Promise<Record<string, EndpointObservation>> {
  const identity = await world.authority.storedClient();
  if (spec.tls !== undefined && identity === undefined) {
    return perMember(spec, async ({ client }) => {
      const plain = world.cluster.plaintext?.(client.url);
      return plain === undefined ? { state: "not-asked" } : observeEndpoint(plain);
    });
  }
  return perMember(spec, (member) => observeEndpoint(world.cluster.member(member.client.url)));
}

/** gRPC's INVALID_ARGUMENT (a user without a name), PERMISSION_DENIED and UNAUTHENTICATED: said by one that serves. */
const refusals: readonly number[] = [3, 7, 16];

export async function observeEndpoint(member: Member, deadline: number = memberDeadline): Promise<EndpointObservation> {
  try {
    const [status, listing] = await Promise.all([
      member.status(deadline),
      member.memberList(deadline).catch(() => undefined),
    ]);
    const alarms = mentionsAlarm(status) ? await member.alarms(deadline).catch(() => []) : [];
    return { state: "serving", status, listing, alarms };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    if (error.status !== undefined && refusals.includes(error.status)) return { state: "denied", why: error.message };
    return { state: "silent", why: error.message, kind: error.kind };
  }
}

/** What the hosts have, and what the operator's records have. */
export async function observeTrust(
  spec: Spec,
  world: World,
  hosts: Readonly<Record<string, HostObservation>>,
  now: number,
): Promise<Pick<Observation, "trust" | "lists" | "revokes" | "anchors">> {
  if (spec.tls === undefined) return { trust: {} };
  return {
    trust: judgeAll(spec, world, hosts, now),
    lists: judgeLists(spec, world, hosts, now),
    revokes: world.authority.revokes(),
    anchors: await world.authority.anchors(),
  };
}

function judgeLists(
  spec: Spec,
  world: World,
  hosts: Readonly<Record<string, HostObservation>>,
  now: number,
): Record<string, ListVerdict> {
  return Object.fromEntries(
    spec.members.flatMap((member) => {
      const host = hosts[member.name];
      const digest = host?.reach === "reachable" ? host.digests[trustPaths(spec, member).list] : undefined;
      return digest === undefined ? [] : [[member.name, world.authority.judgeList(digest, now)] as const];
    }),
  );
}

export function judgeAll(
  spec: Spec,
  world: World,
  hosts: Readonly<Record<string, HostObservation>>,
  now: number,
): Record<string, TrustVerdict> {
  const verdicts: Record<string, TrustVerdict> = {};
  for (const member of spec.members) {
    const host = hosts[member.name];
    if (host?.reach !== "reachable" || spec.tls === undefined) continue;
    const { texts } = trustPaths(spec, member);
    const [ca, server, peer] = [host.texts[texts.ca], host.texts[texts.server], host.texts[texts.peer]];
    if (ca === undefined || server === undefined || peer === undefined) continue;
    verdicts[member.name] = world.authority.judge(member.name, { ca, server, peer }, now);
  }
  return verdicts;
}

async function perMember<T>(spec: Spec, look: (member: MemberSpec) => Promise<T>): Promise<Record<string, T>> {
  return Object.fromEntries(
    await Promise.all(everyone(spec).map(async (member) => [member.name, await look(member)] as const)),
  );
}
