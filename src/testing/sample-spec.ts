/** Resolved specs without a file behind them. */
import type { EtcdSpec, Endpoint, MemberSpec, ServiceSpec, Spec, TlsSpec } from "../spec/spec.js";

export interface SampleSpecOptions {
  readonly name?: string;
  readonly members?: number;
  readonly tls?: boolean;
  readonly kind?: ServiceSpec["kind"];
  /** undefined: the version is left to quorate. */
  readonly version?: string | undefined;
  readonly settings?: EtcdSpec["settings"];
  readonly keysOn?: TlsSpec["keysOn"];
  /** A folder for the write-ahead log besides the data. */
  readonly wal?: boolean;
}

const names = "abcdefghijklmnop";

/** Members a, b, c … with addresses 10.64.3.7, 10.64.3.8 and so on, or ports of one machine when they are processes. */
export function sampleSpec(options: SampleSpecOptions = {}): Spec {
  const {
    name = "tutorial",
    members = 3,
    tls = true,
    kind = "systemd",
    settings = {},
    keysOn = "operator",
    wal = false,
  } = options;
  const version = "version" in options ? options.version : "3.5.30";
  const user = kind === "systemd" ? "etcd" : "me";
  return {
    name,
    token: name,
    file: `/home/me/${name}/cluster.yaml`,
    stateDir: `/home/me/${name}/.quorate`,
    etcd: { version, settings, accept: [] },
    members: Array.from({ length: members }, (_, index) => sampleMember(name, index, { tls, kind, wal })),
    former: [],
    tls: tls ? { ...sampleTls, keysOn } : undefined,
    service: {
      kind,
      unit: kind === "systemd" ? "etcd" : `quorate-${name}`,
      user,
      group: user,
      openFiles: 65_536,
      memoryMax: undefined,
    },
    release: {
      sources: ["cache"],
      given: undefined,
      mirror: "https://github.com/etcd-io/etcd/releases/download",
      suites: [],
    },
    consumers: { flannelPrefix: "/kubernetes/network", clusterCidr: "172.30.0.0/16", serviceCidr: "10.254.0.0/16" },
  };
}

const sampleTls: TlsSpec = {
  algorithm: "ecdsa-p256",
  subject: {},
  sans: [],
  caDays: 3650,
  leafDays: 365,
  renewAt: 0.33,
  ca: { kind: "own" },
  given: undefined,
  givenClient: undefined,
  keysOn: "operator",
};

function sampleMember(
  cluster: string,
  index: number,
  { tls, kind, wal }: { tls: boolean; kind: ServiceSpec["kind"]; wal: boolean },
): MemberSpec {
  const name = names[index] ?? `m${index}`;
  const local = kind === "process";
  const address = local ? "127.0.0.1" : `10.64.3.${7 + index}`;
  const port = (base: number): number => (local ? base + 10 * index : base);
  const endpoint = (base: number, loopback: boolean): Endpoint => {
    const url = (host: string): string => `${tls ? "https" : "http"}://${host}:${port(base)}`;
    const listen = loopback && !local ? [url(address), url("127.0.0.1")] : [url(address)];
    return { address, port: port(base), url: url(address), listen };
  };
  const home = `/home/me/${cluster}/.quorate/members/${name}`;
  return {
    name,
    address,
    client: endpoint(2379, true),
    peer: endpoint(2380, false),
    host: local
      ? { kind: "local" }
      : {
          kind: "ssh",
          host: address,
          user: "root",
          port: undefined,
          identity: undefined,
          jump: undefined,
          ports: "direct",
          become: "none",
        },
    paths: local
      ? {
          data: `${home}/data`,
          wal: wal ? `${home}/wal` : undefined,
          certificates: `${home}/certificates`,
          binaries: `${home}/bin`,
          unit: `${home}/run`,
          state: `${home}/state`,
        }
      : {
          data: "/var/lib/etcd",
          wal: wal ? "/var/lib/etcd-wal" : undefined,
          certificates: "/etc/etcd/certificates",
          binaries: "/opt/etcd",
          unit: "/etc/systemd/system/etcd.service",
          state: `/var/lib/quorate/${cluster}`,
        },
  };
}
