/** The tutorial's environment → the part of a draft that it says. */
import { QuorateError, QuorateErrors } from "../errors.js";
import { parseAddress } from "./address.js";
import type { Draft, DraftMember } from "./draft.js";
import { canonical, splitUrl } from "./resolve/endpoint.js";

/** The variables that are read; nothing else of an environment is, and no secret is among them. */
export const tutorialVariables = [
  "NODE_NAME",
  "NODE_IP",
  "NODE_IPS",
  "ETCD_NODES",
  "ETCD_ENDPOINTS",
  "FLANNEL_ETCD_PREFIX",
  "CLUSTER_CIDR",
  "SERVICE_CIDR",
] as const;

type Name = (typeof tutorialVariables)[number];
export type TutorialEnvironment = { readonly [K in Name]?: string | undefined };
export type PartialDraft = { [K in keyof Draft]?: Draft[K] | undefined } & { members?: DraftMember[] };

/**
 * @param where what to name in problems: the file's path, or "the environment".
 * @returns undefined when it names no member.
 * @throws QuorateErrors of E_ENVIRONMENT: what makes no sense, all at once.
 */
export function readEnvironment(given: TutorialEnvironment, where: string): PartialDraft | undefined {
  const problems: QuorateError[] = [];
  const say = (name: Name, message: string, found: string, expected: string): void => {
    problems.push(new QuorateError("E_ENVIRONMENT", `${name}: ${message}`, { where, found, expected }));
  };
  const ips = words(given.NODE_IPS);
  const nodes = words(given.ETCD_NODES?.replaceAll(",", " ")).flatMap((entry) => node(entry, say));
  const endpoints = words(given.ETCD_ENDPOINTS?.replaceAll(",", " ")).flatMap((entry) =>
    url("ETCD_ENDPOINTS", entry, say),
  );
  if (nodes.length === 0 && ips.length === 0 && problems.length === 0) return undefined;
  for (const ip of ips)
    if (parseAddress(ip).kind === "wrong")
      say("NODE_IPS", `${ip} is not an address`, ip, "IP addresses with spaces between");
  const members =
    nodes.length > 0
      ? nodes.map(({ name, host, port }) => member(name, host, port, endpoints))
      : ips.map((ip, index) => member(nameOf(given, ip, index), ip, 2380, endpoints));
  if (nodes.length > 0) agree(given, ips, members, say);
  const schemes = new Set([...nodes, ...endpoints].map((each) => each.scheme));
  if (schemes.size > 1)
    say(
      nodes.length > 0 ? "ETCD_NODES" : "ETCD_ENDPOINTS",
      "http and https are mixed",
      [...schemes].join(", "),
      "one scheme",
    );
  if (problems.length > 0) throw new QuorateErrors(problems);
  return { members, ...(schemes.has("http") ? { tls: "off" as const } : {}), ...consumersOf(given) };
}

type Say = (name: Name, message: string, found: string, expected: string) => void;

interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

function node(entry: string, say: Say): (Url & { name: string })[] {
  const [, name = "", text = ""] = /^([^=]*)=(.*)$/.exec(entry) ?? [];
  if (name === "" || text === "") {
    say(
      "ETCD_NODES",
      `${JSON.stringify(entry)} is not NAME=URL`,
      entry,
      "for example etcd-host0=https://10.64.3.7:2380",
    );
    return [];
  }
  return url("ETCD_NODES", text, say).map((each) => ({ name, ...each }));
}

function url(variable: Name, text: string, say: Say): Url[] {
  const found = splitUrl(text);
  if (found !== undefined && /^https?$/.test(found.scheme) && found.host !== "" && found.port > 0) return [found];
  say(variable, `${JSON.stringify(text)} is not a URL with a port`, text, "for example https://10.64.3.7:2380");
  return [];
}

function member(name: string, host: string, peerPort: number, endpoints: readonly Url[]): DraftMember {
  const client = endpoints.find((each) => each.host === canonical(host))?.port ?? 2379;
  return {
    name,
    address: host,
    ...(client === 2379 ? {} : { client: { port: String(client) } }),
    ...(peerPort === 2380 ? {} : { peer: { port: String(peerPort) } }),
  };
}

/** The tutorial calls its hosts etcd-host0, etcd-host1 and so on. */
function nameOf(given: TutorialEnvironment, ip: string, index: number): string {
  return given.NODE_IP === ip && given.NODE_NAME !== undefined && given.NODE_NAME !== ""
    ? given.NODE_NAME
    : `etcd-host${index}`;
}

/** NODE_IPS and ETCD_NODES say the same thing twice; NODE_NAME and NODE_IP are one of them. */
function agree(given: TutorialEnvironment, ips: readonly string[], members: readonly DraftMember[], say: Say): void {
  const addresses = members.map((each) => each.address ?? "");
  const shown = addresses.join(" ");
  const odd = [
    ...ips.filter((ip) => !addresses.includes(canonical(ip))),
    ...(ips.length === 0 ? [] : addresses.filter((address) => !ips.map(canonical).includes(address))),
  ];
  if (odd.length > 0)
    say("NODE_IPS", `does not name the same hosts as ETCD_NODES: ${odd.join(", ")}`, ips.join(" "), shown);
  const { NODE_NAME: name, NODE_IP: ip } = given;
  const self = members.find((each) => each.name === name);
  if (name && self === undefined)
    say("NODE_NAME", `${name} is not in ETCD_NODES`, name, members.map((each) => each.name).join(", "));
  if (name && ip && self !== undefined && self.address !== canonical(ip))
    say("NODE_IP", `${name} is ${self.address} in ETCD_NODES`, ip, self.address ?? "");
}

function consumersOf({
  FLANNEL_ETCD_PREFIX: prefix,
  CLUSTER_CIDR: cluster,
  SERVICE_CIDR: service,
}: TutorialEnvironment): Pick<PartialDraft, "consumers"> {
  const consumers = {
    ...(prefix ? { "flannel-prefix": prefix } : {}),
    ...(cluster ? { "cluster-cidr": cluster } : {}),
    ...(service ? { "service-cidr": service } : {}),
  };
  return Object.keys(consumers).length === 0 ? {} : { consumers };
}

const words = (text: string | undefined): string[] =>
  (text ?? "")
    .trim()
    .split(/\s+/)
    .filter((each) => each !== "");
