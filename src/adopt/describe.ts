/** Members that run → the cluster file that describes them. Pure. */
import { posix } from "node:path";
import { QuorateError } from "../errors.js";
import type { Problem } from "../plan/plan.js";
import type { Draft, DraftMember } from "../spec/draft.js";
import { isAnyAddress, isLoopback } from "../spec/address.js";
import { dataFolderOf, nameOf, valueOf, walFolderOf, type Live } from "./found.js";
import { leafPathOf } from "./leaves.js";
import { entryOf } from "./roster.js";
import { settingsOf } from "./settings.js";
import { trustOf, type OwnTrust } from "./trust.js";
import { dialable, urlsIn, urlText, type Url } from "./urls.js";

export interface Describing {
  readonly name: string;
  /** The operator's files. */
  readonly trust: OwnTrust | undefined;
  /** How the hosts are reached, as the file says it for all of them. */
  readonly ssh: NonNullable<Draft["ssh"]>;
  /** The member whose settings are to be everybody's. */
  readonly settingsOf: string | undefined;
}

export interface Described {
  readonly draft: Draft;
  readonly problems: readonly Problem[];
}

/** @throws QuorateError E_ADOPT_* for what no cluster file can say */
export function describe(members: readonly Live[], options: Describing): Described {
  const version = same(members, "versions of etcd", ({ status }) => status.version);
  const tls = trustOf(members, options.trust);
  const { settings, problems } = settingsOf(members, version, options.settingsOf);
  const token = valueOf(members[0]?.flags ?? {}, "initial-cluster-token") ?? "etcd-cluster";
  const paths = members.map((member) => pathsOf(member, tls));
  const shared = paths.every((each) => JSON.stringify(each) === JSON.stringify(paths[0]));
  const draft: Draft = {
    name: options.name,
    ...(members.length === 1 && { "allow-single": "true" }),
    ...(members.length % 2 === 0 && { "allow-even": "true" }),
    members: members.map((member, index) => ({
      ...memberOf(member, tls, options),
      ...(!shared && { paths: paths[index] ?? {} }),
    })),
    ...(Object.keys(options.ssh).length > 0 && { ssh: options.ssh }),
    etcd: { version, token, settings: { ...settings } },
    tls,
    ...(shared && Object.keys(paths[0] ?? {}).length > 0 && { paths: paths[0] ?? {} }),
    service: serviceOf(members),
  };
  return { draft, problems };
}

/** @throws QuorateError E_ADOPT_DIFFERS */
function same(members: readonly Live[], what: string, of: (member: Live) => string): string {
  const [first = "", other] = new Set(members.map(of));
  if (other === undefined) return first;
  throw new QuorateError("E_ADOPT_DIFFERS", `the members have different ${what}`, {
    found: members.map((member) => `${nameOf(member)}: ${of(member)}`).join(", "),
  });
}

function memberOf(member: Live, tls: Draft["tls"], options: Describing): DraftMember {
  const entry = entryOf(member);
  const [peer] = urlsIn(entry.peerUrls.join(","));
  const [client] = dialable(urlsIn(entry.clientUrls.join(",")));
  if (peer === undefined || client === undefined)
    throw new QuorateError(
      "E_ADOPT_LAYOUT",
      `${nameOf(member)} advertises no URL that clients on other machines can dial`,
      {
        where: member.target.host,
        found: entry.clientUrls.join(", "),
        next: "set --advertise-client-urls to an address that others can reach",
      },
    );
  const scheme = tls === "off" ? "http" : "https";
  const { host, user, port } = member.target;
  const ssh = {
    ...(host !== client.host && { host }),
    ...(user !== undefined && user !== options.ssh.user && { user }),
    ...(port !== undefined && String(port) !== options.ssh.port && { port: String(port) }),
  };
  const ends = {
    client: endpointOf(client, client.host, 2379, bound(member, "listen-client-urls", scheme, client.port)),
    peer: endpointOf(peer, client.host, 2380, bound(member, "listen-peer-urls", scheme, peer.port)),
  };
  return {
    name: entry.name,
    address: client.host,
    ...(Object.keys(ends.client).length > 0 && { client: ends.client }),
    ...(Object.keys(ends.peer).length > 0 && { peer: ends.peer }),
    ...(Object.keys(ssh).length > 0 && { ssh }),
  };
}

/** Listeners that the file can say: of the cluster's scheme and the endpoint's port. Others are told as differences. */
const bound = ({ flags }: Live, name: string, scheme: string, port: number): Url[] =>
  urlsIn(valueOf(flags, name)).filter((url) => url.scheme === scheme && url.port === port);

function endpointOf(
  url: Url,
  address: string,
  usualPort: number,
  listen: readonly Url[],
): NonNullable<DraftMember["client"]> {
  // What the file's own default says already: the address, and loopback for clients.
  const usual = listen.every(({ host }) => host === url.host || (usualPort === 2379 && isLoopback(host)));
  return {
    ...(url.host !== address && { address: url.host }),
    ...(url.port !== usualPort && { port: String(url.port) }),
    ...(!usual && { listen: withoutCovered(listen).map(urlText) }),
  };
}

/** An address beside "any address" says nothing. */
const withoutCovered = (listen: readonly Url[]): readonly Url[] => {
  const any = listen.filter(({ host }) => isAnyAddress(host));
  return any.length > 0 ? any : listen;
};

/** Folders that quorate must not call its own. */
const shared = new Set(["/etc", "/etc/ssl", "/etc/kubernetes", "/etc/systemd", "/root", "/opt", "/usr/local", "/"]);

function pathsOf(member: Live, tls: Draft["tls"]): NonNullable<DraftMember["paths"]> {
  const data = dataFolderOf(member.flags);
  if (data === undefined)
    throw new QuorateError(
      "E_ADOPT_LAYOUT",
      `${nameOf(member)} keeps its data in a folder that is not named by an absolute path`,
      {
        where: member.target.host,
        found: `--data-dir=${valueOf(member.flags, "data-dir") ?? ""}`,
        expected: "an absolute path",
      },
    );
  const wal = walParent(member, data);
  const certificates = posix.dirname(leafPathOf(member, "client") ?? "/");
  const usable =
    tls !== "off" && !shared.has(certificates) && !within(certificates, data) && !/^\/root(\/|$)/.test(certificates);
  return {
    ...(data !== "/var/lib/etcd" && { data }),
    ...(wal !== undefined && { wal }),
    ...(usable && certificates !== "/etc/etcd/ssl" && { certificates }),
  };
}

/** The file names the folder that holds `wal`; it must be etcd's alone, as the data directory is. */
function walParent(member: Live, data: string): string | undefined {
  const wal = walFolderOf(member.flags);
  if (wal === undefined || wal === `${data}/member/wal`) return undefined;
  const parent = posix.dirname(wal);
  if (posix.basename(wal) === "wal" && !within(data, parent) && !within(parent, data)) return parent;
  throw new QuorateError(
    "E_ADOPT_LAYOUT",
    `the write-ahead log of ${nameOf(member)} is not in a folder of its own that is called wal`,
    {
      where: member.target.host,
      found: `--wal-dir=${wal}, --data-dir=${data}`,
      expected: "--wal-dir=FOLDER/wal, and nothing else of etcd's in FOLDER",
    },
  );
}

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function serviceOf(members: readonly Live[]): NonNullable<Draft["service"]> {
  const unitOf = ({ keeper }: Live): string => (keeper.kind === "unit" ? keeper.name : "etcd");
  const unit = same(members, "names of the unit", unitOf);
  const user = same(members, "users that etcd runs as", ({ process, keeper }) =>
    keeper.kind === "unit" ? keeper.fact.user : (process?.user ?? "etcd"),
  );
  const groups = members.map(({ keeper }) => (keeper.kind === "unit" ? keeper.fact.group : ""));
  const files = Math.max(...members.map(({ keeper }) => (keeper.kind === "unit" ? (keeper.fact.openFiles ?? 0) : 0)));
  const memory = members.map(({ keeper }) => (keeper.kind === "unit" ? keeper.fact.memoryMax : undefined));
  const most = memory.includes(undefined) ? undefined : Math.max(...memory.map((each) => each ?? 0));
  return {
    ...(unit !== "etcd" && { unit }),
    ...(user !== "etcd" && { user }),
    ...(groups[0] !== undefined && groups[0] !== "" && groups[0] !== user && { group: groups[0] }),
    ...(files > 65_536 && { "open-files": String(files) }),
    ...(most !== undefined && most > 0 && { "memory-max": String(most) }),
  };
}
