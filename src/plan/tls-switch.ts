/**
 * From plaintext to TLS on a cluster that runs. Etcd serves http and https on one client port, and dials https peers as soon
 * as it has certificates, whatever it listens on itself (server/embed configureClientListeners, configurePeerListeners). So
 * every member first gets certificates and serves its clients both ways; then, one by one, the cluster is told the https
 * address of its peer port, and it is started with that.
 */
import type { Facts } from "../observe/facts.js";
import type { Endpoint, MemberSpec, Spec } from "../spec/spec.js";
import { desiredOf, servesBothWays } from "./desired.js";
import { goalOf } from "./goal-version.js";
import type { Wish } from "./wish.js";

/** The wish with every member as it is to be next. Plaintext ends for clients only when the operator says so. */
export function onTheWayToTls(wish: Wish, now: Facts): Wish {
  const { spec } = wish;
  if (spec.tls === undefined || !spec.members.some((member) => isPlain(now, member) || isBoth(now, member)))
    return wish;
  const goal = (member: MemberSpec): MemberSpec => (wish.closePlaintext === true ? member : clientsBothWays(member));
  const plain = spec.members.filter((member) => isPlain(now, member));
  const between = withMembers(spec, (member) => (plain.includes(member) ? bothWays(member) : goal(member)));
  const waiting = plain.filter((member) => !isReady({ ...wish, spec: between }, now, member.name));
  if (waiting.length > 0) return { ...wish, spec: between };
  const [next] = plain.sort((a, b) => rank(now, a) - rank(now, b));
  const form = (member: MemberSpec): MemberSpec =>
    member !== next && plain.includes(member) ? bothWays(member) : goal(member);
  return { ...wish, spec: withMembers(spec, form) };
}

/** Whether clients are served both ways still, at the end of a plan. */
export const servedBothWays = ({ spec }: Wish, now: Facts): readonly string[] =>
  spec.tls === undefined ? [] : spec.members.filter((member) => isBoth(now, member)).map(({ name }) => name);

const isBoth = (now: Facts, { name }: MemberSpec): boolean =>
  now.members[name]?.config.includes(servesBothWays) ?? false;

const isPlain = (now: Facts, { name }: MemberSpec): boolean =>
  now.members[name]?.listedAt.startsWith("http://") ?? false;

/** Its process can dial peers over https. */
function isReady(between: Wish, now: Facts, name: string): boolean {
  const member = between.spec.members.find((candidate) => candidate.name === name);
  const facts = now.members[name];
  if (member === undefined || facts?.process !== "up" || facts.serving !== "yes") return false;
  return facts.config === desiredOf(between.spec, member, goalOf(between, now, member).version, facts.arch).config;
}

const rank = (now: Facts, { name }: MemberSpec): number => (now.members[name]?.leader === true ? 1 : 0);

const withMembers = (spec: Spec, change: (member: MemberSpec) => MemberSpec): Spec => ({
  ...spec,
  members: spec.members.map(change),
});

const clientsBothWays = (member: MemberSpec): MemberSpec => ({
  ...member,
  client: { ...member.client, listen: member.client.listen.flatMap((url) => [plainUrl(url), url]) },
});

const bothWays = (member: MemberSpec): MemberSpec => ({
  ...clientsBothWays(member),
  peer: plainEndpoint(member.peer),
});

const plainEndpoint = (endpoint: Endpoint): Endpoint => ({
  ...endpoint,
  url: plainUrl(endpoint.url),
  listen: endpoint.listen.map(plainUrl),
});

const plainUrl = (url: string): string => url.replace(/^https:/, "http:");
