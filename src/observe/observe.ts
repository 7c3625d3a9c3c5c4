/** Look at every host and every member at once: one round trip per host, one RPC burst per member. */
import type { Member } from "../etcd/cluster.js";
import { EtcdError } from "../etcd/cluster.js";
import type { HostObservation } from "../host/host.js";
import type { TrustVerdict } from "../pki/authority.js";
import { everyone, type MemberSpec, type Spec } from "../spec/spec.js";
import type { World } from "../world.js";
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
  return withStrangers(spec, world, { at, hosts, etcd, trust: judgeAll(spec, world, hosts, at) });
}

/** Members that only the cluster's list names are asked too: they count for the quorum like any other. */
export async function withStrangers(spec: Spec, world: World, seen: Observation): Promise<Observation> {
  const { strangers } = readListing(spec, seen);
  if (strangers.size === 0) return seen;
  const asked = await Promise.all(
    [...strangers].map(
      async ([
        name,
        {
          clientUrls: [url],
        },
      ]) => {
        const endpoint: EndpointObservation =
          url === undefined
            ? { state: "silent", why: "it has published no client URL", kind: "unreachable" }
            : await observeEndpoint(world.cluster.member(url));
        return [name, endpoint] as const;
      },
    ),
  );
  return { ...seen, etcd: { ...seen.etcd, ...Object.fromEntries(asked) } };
}

/** The client APIs alone; what `health` and `status` need. */
export async function observeEndpoints(spec: Spec, world: World): Promise<Record<string, EndpointObservation>> {
  const identity = await world.authority.storedClient();
  if (spec.tls !== undefined && identity === undefined) return perMember(spec, async () => ({ state: "not-asked" }));
  return perMember(spec, (member) => observeEndpoint(world.cluster.member(member.client.url)));
}

export async function observeEndpoint(member: Member, deadline: number = memberDeadline): Promise<EndpointObservation> {
  try {
    const [status, listing, alarms] = await Promise.all([
      member.status(deadline),
      member.memberList(deadline).catch(() => undefined),
      member.alarms(deadline).catch(() => []),
    ]);
    return { state: "serving", status, listing, alarms };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    return { state: "silent", why: error.message, kind: error.kind };
  }
}

export function judgeAll(
  spec: Spec,
  world: World,
  hosts: Readonly<Record<string, HostObservation>>,
  now: number,
): Record<string, TrustVerdict> {
  const verdicts: Record<string, TrustVerdict> = {};
  for (const member of everyone(spec)) {
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
