/** A resolved spec of three local members, for tests of trust alone. */
import { join } from "node:path";
import type { Endpoint, MemberSpec, Spec, TlsSpec } from "../../src/spec/spec.js";

const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

export function endpoint(address: string, port: number, listen: readonly string[] = [address]): Endpoint {
  return {
    address,
    port,
    url: `https://${inUrl(address)}:${String(port)}`,
    listen: listen.map((bound) => `https://${inUrl(bound)}:${String(port)}`),
  };
}

export function exampleMember(name: string, address: string, parts: Partial<MemberSpec> = {}): MemberSpec {
  const root = `/srv/${name}`;
  return {
    name,
    address,
    client: endpoint(address, 2379, [address, "127.0.0.1"]),
    peer: endpoint(address, 2380),
    host: { kind: "local" },
    paths: {
      data: `${root}/data`,
      wal: undefined,
      certificates: `${root}/pki`,
      binaries: `${root}/bin`,
      unit: `${root}/run`,
      state: `${root}/quorate`,
    },
    ...parts,
  };
}

export const exampleTls: TlsSpec = {
  algorithm: "ecdsa-p256",
  subject: { C: "JP", O: "k8s", OU: "System" },
  sans: [],
  caDays: 3650,
  leafDays: 365,
  renewAt: 0.3,
  ca: { kind: "own" },
  given: undefined,
  givenClient: undefined,
  keysOn: "operator",
};

export const exampleMembers: readonly MemberSpec[] = [
  exampleMember("kube-node1", "10.64.3.7"),
  exampleMember("kube-node2", "10.64.3.8"),
  exampleMember("kube-node3", "10.64.3.86"),
];

/** @param stateDir absolute, the test's own */
export function exampleSpec(stateDir: string, tls: Partial<TlsSpec> = {}, parts: Partial<Spec> = {}): Spec {
  return {
    name: "demo",
    token: "demo",
    file: join(stateDir, "cluster.yaml"),
    stateDir,
    etcd: { version: undefined, settings: {}, accept: [] },
    members: exampleMembers,
    former: [],
    tls: { ...exampleTls, ...tls },
    service: { kind: "process", unit: "etcd", user: "etcd", group: "etcd", openFiles: 65_536, memoryMax: undefined },
    release: { sources: ["cache"], given: undefined, mirror: "https://example.invalid", suites: [] },
    consumers: { flannelPrefix: "/kubernetes/network", clusterCidr: "172.30.0.0/16", serviceCidr: "10.254.0.0/16" },
    ...parts,
  };
}
