/** A cluster that nothing is wrong with, to be spoilt in one way at a time. */
import type { AdvisedCluster, AdvisedMember } from "../../src/advise/input.js";

const tls = {
  "cert-file": "/pki/server.pem",
  "key-file": "/pki/server-key.pem",
  "trusted-ca-file": "/pki/ca.pem",
  "client-cert-auth": "true",
  "peer-cert-file": "/pki/peer.pem",
  "peer-key-file": "/pki/peer-key.pem",
  "peer-trusted-ca-file": "/pki/ca.pem",
  "peer-client-cert-auth": "true",
  "peer-cert-allowed-cn": "peers",
};

export function soundMember(name: string, version = "3.6.16"): AdvisedMember {
  const gates = "CompactHashCheck=true,InitialCorruptCheck=true";
  return {
    name,
    api: "serving",
    status: {
      ...{ version, clusterId: "cd", memberId: `1${name}`, leaderId: "1a", isLearner: false },
      ...{
        raftIndex: 1000n,
        raftAppliedIndex: 1000n,
        dbSize: 20n << 20n,
        dbSizeInUse: 18n << 20n,
        dbSizeQuota: 2n << 30n,
      },
      errors: [],
    },
    alarms: [],
    settings: {
      ...{ name, "data-dir": "/var/lib/etcd", "listen-client-urls": `https://10.0.0.1:2379,https://127.0.0.1:2379` },
      ...{ "listen-peer-urls": "https://10.0.0.1:2380", ...tls, "auto-compaction-retention": "1h" },
      "feature-gates": gates,
    },
    asAsked: true,
    arch: "amd64",
    machineId: `machine-${name}`,
    clockSkew: 12,
    trust: { state: "ok", daysLeft: 200, reasons: [] },
    unit: {
      ...{ kind: "systemd", enabled: true, restarts: 0, needsReload: false, restart: "on-failure", type: "notify" },
      ...{ user: "etcd", openFiles: 65_536 },
    },
    files: [
      { what: "data folder", path: "/var/lib/etcd", mode: "0700" },
      { what: "private key", path: "/pki/server-key.pem", mode: "0600" },
    ],
    peerRoundTrip: 2,
  };
}

export function soundCluster(change: (member: AdvisedMember) => AdvisedMember = (member) => member): AdvisedCluster {
  const members = ["a", "b", "c"].map((name) => change(soundMember(name)));
  return {
    now: Date.UTC(2026, 10, 22),
    members,
    listed: ["a", "b", "c"].map((name) => ({ id: `1${name}`, name, isLearner: false, started: true })),
  };
}

/** The cluster with one member changed. */
export const spoilt = (name: string, change: Partial<AdvisedMember>): AdvisedCluster =>
  soundCluster((member) => (member.name === name ? { ...member, ...change } : member));

/** The cluster with flags of one member changed; undefined takes one away. */
export const withFlags = (name: string, flags: Readonly<Record<string, string | undefined>>): AdvisedCluster => {
  const all = { ...soundMember(name).settings, ...flags };
  const settings = Object.fromEntries(
    Object.entries(all).flatMap(([flag, value]) => (value === undefined ? [] : [[flag, value]])),
  );
  return spoilt(name, { settings });
};

/** The cluster with the status of one member changed. */
export const withStatus = (name: string, change: Partial<NonNullable<AdvisedMember["status"]>>): AdvisedCluster => {
  const { status } = soundMember(name);
  return status === undefined ? soundCluster() : spoilt(name, { status: { ...status, ...change } });
};
