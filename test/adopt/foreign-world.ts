/** Hosts with files, units and processes that somebody else put there, answered from memory. */
import { EtcdError, type Member, type MemberListing, type MemberStatus } from "../../src/etcd/cluster.js";
import type { Host, HostQuestion, PathStat, ProcessFact, Reachable, UnitFact } from "../../src/host/host.js";
import { QuorateError } from "../../src/errors.js";
import type { World } from "../../src/world.js";

export interface ForeignHost {
  readonly name: string;
  readonly address: string;
  /** Text files, certificates and keys among them, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly modes?: Readonly<Record<string, string>>;
  readonly units?: Readonly<Record<string, UnitFact>>;
  readonly processes: readonly ProcessFact[];
  readonly version?: string;
  readonly root?: boolean;
  readonly clockSkew?: number;
  readonly machineId?: string;
}

export interface ForeignWorld {
  readonly world: World;
  /** Every path whose text was asked for. */
  readonly asked: Set<string>;
}

export const unitFact = (path: string, more: Partial<UnitFact> = {}): UnitFact => ({
  ...{ path, dropIns: [], active: "active", enabled: true, user: "etcd", group: "", openFiles: 65_536 },
  ...{ memoryMax: undefined, type: "notify", restart: "on-failure" },
  ...more,
});

export const processIn = (
  unit: string | undefined,
  words: readonly string[],
  more: Partial<ProcessFact> = {},
): ProcessFact => ({
  ...{ pid: 811, user: "etcd", executable: words[0] ?? "", arguments: words, environment: {} },
  ...{ controlGroup: `/system.slice/${unit ?? "none"}.service`, unit },
  ...more,
});

const memberId = (index: number): string => `${index + 1}a2b`;

/** @param known all members on the list; hosts may be fewer */
export function foreignWorld(
  hosts: readonly ForeignHost[],
  known: readonly ForeignHost[] = hosts,
  scheme: "http" | "https" = "https",
): ForeignWorld {
  const asked = new Set<string>();
  const listing: MemberListing = {
    clusterId: "cafe",
    members: known.map(({ name, address }, index) => ({
      id: memberId(index),
      name,
      peerUrls: [`${scheme}://${address}:2380`],
      clientUrls: [`${scheme}://${address}:2379`],
      isLearner: false,
    })),
  };
  const member = (url: string): Pick<Member, "status" | "memberList" | "alarms"> => {
    const index = known.findIndex(({ address }) => new URL(url).hostname === address);
    const host = hosts.find((each) => each === known[index]);
    const serve = <T>(answer: T): Promise<T> =>
      host === undefined || host.processes.length === 0
        ? Promise.reject(new EtcdError("refused", `${url}: connection refused`))
        : Promise.resolve(answer);
    return {
      status: () => serve(statusOf(index, host?.version ?? "3.5.30")),
      memberList: () => serve(listing),
      alarms: () => serve([]),
    };
  };
  const world = {
    host: (name: string): Pick<Host, "name" | "observe"> => ({
      name,
      observe: async (question) => {
        const index = hosts.findIndex(({ address }) => name.split(":")[0] === address);
        const host = hosts[index];
        if (host !== undefined) return answer(host, index, question, asked);
        const error = new QuorateError("E_SSH_TIMEOUT", `${name} does not answer`, { where: name });
        return { reach: "unreachable", error };
      },
    }),
    cluster: { member },
    close: async () => undefined,
  };
  return { world: world as unknown as World, asked };
}

function statusOf(index: number, version: string): MemberStatus {
  const numbers = { raftTerm: 3n, raftIndex: 812n, raftAppliedIndex: 812n, revision: 700n };
  const sizes = { dbSize: 81_920n, dbSizeInUse: 61_440n, dbSizeQuota: 0n };
  return {
    ...{ clusterId: "cafe", memberId: memberId(index), leaderId: memberId(0), version, isLearner: false, errors: [] },
    ...{ ...numbers, ...sizes, storageVersion: "", downgradeTarget: "", tookMilliseconds: 1 },
  };
}

function answer(host: ForeignHost, index: number, question: HostQuestion, asked: Set<string>): Reachable {
  for (const path of question.texts) asked.add(path);
  const among = (paths: readonly string[] | undefined): Record<string, string> =>
    Object.fromEntries(
      (paths ?? []).flatMap((path) => (host.files[path] === undefined ? [] : [[path, host.files[path]]])),
    );
  const seen: Partial<Reachable> = {
    reach: "reachable",
    arch: "amd64",
    machineId: host.machineId ?? `machine-${index}`,
    systemd: 252,
    root: host.root ?? true,
    clockSkew: host.clockSkew ?? 3,
    texts: among(question.texts),
    stats: Object.fromEntries(question.stats.map((path) => [path, statOf(host, path)])),
    data: { kind: "member", clusterId: "cafe", memberId: memberId(index) },
    processes: host.processes,
    units: host.units ?? {},
    certificates: Object.fromEntries(
      Object.entries(among(question.certificates)).map(([path, text]) => [path, certificatesOnly(text)]),
    ),
  };
  return seen as Reachable;
}

const certificatesOnly = (text: string): string =>
  (text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?/g) ?? []).join("");

const statOf = ({ files, modes }: ForeignHost, path: string): PathStat => ({
  kind: files[path] === undefined ? "dir" : "file",
  mode: modes?.[path] ?? (files[path] === undefined ? "0700" : /PRIVATE/.test(files[path]) ? "0600" : "0644"),
  ...{ owner: "etcd", group: "etcd", size: 1, target: undefined },
});
