/** Look at a host that quorate knows nothing of yet, in as many round trips as its files refer to further files. */
import { posix } from "node:path";
import { QuorateError } from "../errors.js";
import type { Host, HostQuestion, PathStat, Reachable } from "../host/host.js";
import { dataFolderOf, walFolderOf, type Found } from "./found.js";
import type { Flags } from "./flags.js";
import { layoutOf } from "./layout.js";
import { choose, manifestPath, readingOf, type Reading } from "./sighting.js";
import type { Target } from "./target.js";

/** Files that name files that name files: a unit, its environment file, a configuration file in it, certificates in that. */
const mostRounds = 6;

/** Read in the first round trip, since one of them is nearly always wanted. */
const wellKnown = [manifestPath, "/etc/etcd.env", "/etc/default/etcd", "/etc/etcd/etcd.env", "/etc/etcd/etcd.conf"];

const certificateFlags = ["cert-file", "trusted-ca-file", "peer-cert-file", "peer-trusted-ca-file"];
const keyFlags = ["key-file", "peer-key-file"];

/**
 * Never reads a key: of files that hold certificates only the certificates are carried, of keys only owner and mode.
 * @param unit as the operator named it
 * @throws QuorateError E_ADOPT_NONE, E_ADOPT_SEVERAL, and what reaching the host failed with
 */
export async function lookAt(host: Host, target: Target, unit: string | undefined): Promise<Found> {
  const texts: Record<string, string> = {};
  const stats: Record<string, PathStat> = {};
  const certificates: Record<string, string> = {};
  const asked = new Set<string>();
  let ask: Partial<HostQuestion> = { texts: wellKnown };
  for (let round = 0; ; round += 1) {
    const seen = await observe(host, unit, ask);
    Object.assign(texts, seen.texts);
    Object.assign(stats, seen.stats);
    Object.assign(certificates, seen.certificates);
    const { keeper, process } = choose(target.host, seen, unit);
    const reading = readingOf({ keeper, process }, texts);
    const next = wanted(reading);
    const all = [...(next.texts ?? []), ...(next.stats ?? []), ...(next.certificates ?? []), next.data ?? ""];
    if (all.every((path) => asked.has(path)) || round === mostRounds) {
      const { arch, systemd, root, machineId: id, clockSkew, data } = seen;
      const found = { target, keeper, process, ...reading, stats, certificates, data, clockSkew };
      return { ...found, layout: layoutOf(found), machine: { arch, systemd, root, id } };
    }
    for (const path of all) asked.add(path);
    ask = next;
  }
}

function wanted({ flags, sources }: Reading): Partial<HostQuestion> {
  const paths = (names: readonly string[]): string[] => [...new Set(names.flatMap((name) => absolute(flags, name)))];
  const [data, wal] = [dataFolderOf(flags), walFolderOf(flags)];
  const folders = [data, wal].filter((path) => path !== undefined);
  return {
    texts: sources.filter(plain),
    certificates: paths(certificateFlags),
    stats: [...paths([...certificateFlags, ...keyFlags]), ...folders.filter(plain)],
    ...(data !== undefined && plain(data) && { data }),
    ...(wal !== undefined && plain(wal) && { wal }),
  };
}

const absolute = (flags: Flags, name: string): string[] => {
  const path = flags[name]?.value;
  return path !== undefined && plain(path) ? [path] : [];
};

/** Paths that can go to a host at all; others are told by whoever describes them. */
const plain = (path: string): boolean =>
  path.startsWith("/") && !path.endsWith("/") && posix.normalize(path) === path && /^\P{Cc}+$/u.test(path);

async function observe(host: Host, unit: string | undefined, ask: Partial<HostQuestion>): Promise<Reachable> {
  const name = unit ?? "etcd";
  const seen = await host.observe({
    service: { kind: "systemd", unit: name, unitPath: `/etc/systemd/system/${name}.service` },
    user: "etcd",
    texts: [],
    stats: [],
    digests: [],
    releases: [],
    data: "/var/lib/etcd",
    wal: undefined,
    state: "/var/lib/quorate",
    ports: [],
    program: "etcd",
    ...ask,
  });
  if (seen.reach === "unreachable") throw seen.error;
  if (!seen.root)
    throw new QuorateError(
      "E_NOT_ROOT",
      `commands on ${host.name} do not run as root, and what etcd was started with is root's to read`,
      {
        where: host.name,
      },
    );
  return seen;
}
