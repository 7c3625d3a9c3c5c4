/** Clusters as the well-known ways build them: the files that they leave on a host, and the process that runs. */
import { processIn, unitFact, type ForeignHost } from "./foreign-world.js";

export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export const addresses = ["10.64.3.7", "10.64.3.8", "10.66.3.86"] as const;

type Layout = (certificates: Certificates) => ForeignHost[];

const each = (make: (name: string, address: string, index: number) => ForeignHost): ForeignHost[] =>
  addresses.map((address, index) => make(`etcd${index + 1}`, address, index));
const cluster = addresses.map((address, index) => `etcd${index + 1}=https://${address}:2380`).join(",");
const lines = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** kubespray: /etc/etcd.env and a unit that runs a binary with it. */
export const kubespray: Layout = ({ ca, cert, key }) =>
  each((name, address, index) => {
    const ssl = "/etc/ssl/etcd/ssl";
    const variables = {
      ETCD_DATA_DIR: "/var/lib/etcd",
      ETCD_ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
      ETCD_INITIAL_CLUSTER_STATE: "existing",
      ETCD_METRICS: "basic",
      ETCD_LISTEN_CLIENT_URLS: `https://${address}:2379,https://127.0.0.1:2379`,
      ETCD_ELECTION_TIMEOUT: "5000",
      ETCD_HEARTBEAT_INTERVAL: "250",
      ETCD_INITIAL_CLUSTER_TOKEN: "k8s_etcd",
      ETCD_LISTEN_PEER_URLS: `https://${address}:2380`,
      ETCD_NAME: name,
      ETCD_PROXY: "off",
      ETCD_INITIAL_CLUSTER: cluster,
      ETCD_AUTO_COMPACTION_RETENTION: "8",
      ETCD_SNAPSHOT_COUNT: "10000",
      ETCD_TRUSTED_CA_FILE: `${ssl}/ca.pem`,
      ETCD_CERT_FILE: `${ssl}/member-node${index + 1}.pem`,
      ETCD_KEY_FILE: `${ssl}/member-node${index + 1}-key.pem`,
      ETCD_CLIENT_CERT_AUTH: "true",
      ETCD_PEER_TRUSTED_CA_FILE: `${ssl}/ca.pem`,
      ETCD_PEER_CERT_FILE: `${ssl}/member-node${index + 1}.pem`,
      ETCD_PEER_KEY_FILE: `${ssl}/member-node${index + 1}-key.pem`,
      ETCD_PEER_CLIENT_CERT_AUTH: "True",
    };
    const unit = `[Unit]
Description=etcd
After=network.target

[Service]
Type=notify
User=root
EnvironmentFile=/etc/etcd.env
ExecStart=/usr/local/bin/etcd
NotifyAccess=all
Restart=always
RestartSec=10s
LimitNOFILE=40000

[Install]
WantedBy=multi-user.target
`;
    const env = `# Environment file for etcd 3.5.30\n${lines(variables)}\n# CLI settings\nETCDCTL_ENDPOINTS=https://127.0.0.1:2379\nETCDCTL_KEY=${ssl}/admin-node${index + 1}-key.pem\n`;
    return {
      name,
      address,
      files: {
        "/etc/systemd/system/etcd.service": unit,
        "/etc/etcd.env": env,
        [`${ssl}/ca.pem`]: ca,
        [`${ssl}/member-node${index + 1}.pem`]: cert,
        [`${ssl}/member-node${index + 1}-key.pem`]: key,
      },
      units: {
        etcd: unitFact("/etc/systemd/system/etcd.service", { user: "root", restart: "always", openFiles: 40_000 }),
      },
      processes: [processIn("etcd", ["/usr/local/bin/etcd"], { user: "root", environment: variables })],
    };
  });

const kubeadmFlags = (name: string, address: string): string[] => [
  `--advertise-client-urls=https://${address}:2379`,
  "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
  "--client-cert-auth=true",
  "--data-dir=/var/lib/etcd",
  "--experimental-initial-corrupt-check=true",
  "--experimental-watch-progress-notify-interval=5s",
  `--initial-advertise-peer-urls=https://${address}:2380`,
  `--initial-cluster=${cluster}`,
  "--initial-cluster-state=new",
  "--key-file=/etc/kubernetes/pki/etcd/server.key",
  `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
  "--listen-metrics-urls=http://127.0.0.1:2381",
  `--listen-peer-urls=https://${address}:2380`,
  `--name=${name}`,
  "--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt",
  "--peer-client-cert-auth=true",
  "--peer-key-file=/etc/kubernetes/pki/etcd/peer.key",
  "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
  "--snapshot-count=10000",
  "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
];

const kubeadmFiles = ({ ca, cert, key }: Certificates): Record<string, string> =>
  Object.fromEntries(
    [
      ["ca.crt", ca],
      ...["server", "peer"].flatMap((role) => [
        [`${role}.crt`, cert],
        [`${role}.key`, key],
      ]),
    ].map(([name, text]) => [`/etc/kubernetes/pki/etcd/${name}`, text ?? ""]),
  );

/** kubeadm's guide to an external etcd: a static pod under kubelet. */
export const kubeadmPod: Layout = (certificates) =>
  each((name, address) => {
    const flags = kubeadmFlags(name, address);
    const manifest = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://${address}:2379
  labels:
    component: etcd
    tier: control-plane
  name: etcd
  namespace: kube-system
spec:
  containers:
  - command:
    - etcd
${flags.map((flag) => `    - ${flag}`).join("\n")}
    image: registry.example/etcd:3.5.15-0
    imagePullPolicy: IfNotPresent
    livenessProbe:
      httpGet: { host: 127.0.0.1, path: "/health?serializable=true", port: 2381, scheme: HTTP }
    name: etcd
    volumeMounts:
    - mountPath: /var/lib/etcd
      name: etcd-data
    - mountPath: /etc/kubernetes/pki/etcd
      name: etcd-certs
  hostNetwork: true
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki/etcd
      type: DirectoryOrCreate
    name: etcd-certs
  - hostPath:
      path: /var/lib/etcd
      type: DirectoryOrCreate
    name: etcd-data
`;
    const pod = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-2.scope";
    return {
      name,
      address,
      files: { "/etc/kubernetes/manifests/etcd.yaml": manifest, ...kubeadmFiles(certificates) },
      processes: [processIn(undefined, ["etcd", ...flags], { user: "root", controlGroup: pod, unit: undefined })],
    };
  });

/** The same certificates under a systemd unit. */
export const kubeadmUnit: Layout = (certificates) =>
  each((name, address) => {
    const flags = kubeadmFlags(name, address).filter((flag) => !flag.startsWith("--listen-metrics"));
    const unit = `[Service]\nType=notify\nExecStart=/usr/local/bin/etcd ${flags.join(" \\\n  ")}\nRestart=on-failure\n`;
    return {
      name,
      address,
      files: { "/etc/systemd/system/etcd.service": unit, ...kubeadmFiles(certificates) },
      units: { etcd: unitFact("/etc/systemd/system/etcd.service", { user: "root" }) },
      processes: [processIn("etcd", ["/usr/local/bin/etcd", ...flags], { user: "root" })],
    };
  });

/** Debian's package: its own unit as of 3.4.23-4, variables in /etc/default/etcd; in plaintext, as it comes. */
export const debian: Layout = () =>
  each((name, address) => {
    const written = {
      ETCD_NAME: name,
      ETCD_LISTEN_PEER_URLS: `http://${address}:2380`,
      ETCD_LISTEN_CLIENT_URLS: `http://${address}:2379,http://localhost:2379`,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${address}:2380`,
      ETCD_INITIAL_CLUSTER: cluster.replaceAll("https", "http"),
      ETCD_ADVERTISE_CLIENT_URLS: `http://${address}:2379`,
      ETCD_QUOTA_BACKEND_BYTES: "4294967296",
    };
    const unit = `[Unit]
Description=etcd - highly-available key value store
Documentation=https://etcd.io/docs
Documentation=man:etcd
After=network.target
Wants=network-online.target

[Service]
Environment=DAEMON_ARGS=
Environment=ETCD_NAME=%H
Environment=ETCD_DATA_DIR=/var/lib/etcd/default
EnvironmentFile=-/etc/default/%p
Type=notify
User=etcd
PermissionsStartOnly=true
#ExecStart=/bin/sh -c "GOMAXPROCS=$(nproc) /usr/bin/etcd $DAEMON_ARGS"
ExecStart=/usr/bin/etcd $DAEMON_ARGS
Restart=on-abnormal
#RestartSec=10s
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
Alias=etcd2.service
`;
    const defaults = Object.entries(written).map(([key, value]) => `${key}="${value}"\n`);
    const environment = { ...written, ETCD_DATA_DIR: "/var/lib/etcd/default" };
    return {
      name,
      address,
      files: {
        "/lib/systemd/system/etcd.service": unit,
        "/etc/default/etcd": `## etcd(1) daemon options\n${defaults.join("")}#ETCD_WAL_DIR=""\n`,
      },
      units: { etcd: unitFact("/lib/systemd/system/etcd.service", { restart: "on-abnormal" }) },
      processes: [processIn("etcd", ["/usr/bin/etcd"], { environment })],
      version: "3.5.16",
    };
  });

/** etcdadm: /etc/etcd/etcd.env, certificates under /etc/etcd/pki. */
export const etcdadm: Layout = ({ ca, cert, key }) =>
  each((name, address) => {
    const pki = "/etc/etcd/pki";
    const variables = {
      ETCD_NAME: name,
      ETCD_INITIAL_CLUSTER: cluster,
      ETCD_INITIAL_CLUSTER_TOKEN: "4a1f9c7e",
      ETCD_INITIAL_CLUSTER_STATE: "existing",
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
      ETCD_LISTEN_PEER_URLS: `https://${address}:2380`,
      ETCD_CLIENT_CERT_AUTH: "true",
      ETCD_PEER_CLIENT_CERT_AUTH: "true",
      ETCD_CERT_FILE: `${pki}/server.crt`,
      ETCD_KEY_FILE: `${pki}/server.key`,
      ETCD_TRUSTED_CA_FILE: `${pki}/ca.crt`,
      ETCD_PEER_CERT_FILE: `${pki}/peer.crt`,
      ETCD_PEER_KEY_FILE: `${pki}/peer.key`,
      ETCD_PEER_TRUSTED_CA_FILE: `${pki}/ca.crt`,
      ETCD_ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
      ETCD_LISTEN_CLIENT_URLS: `https://${address}:2379,https://127.0.0.1:2379`,
      ETCD_DATA_DIR: "/var/lib/etcd",
      ETCD_STRICT_RECONFIG_CHECK: "true",
      GOMAXPROCS: "4",
    };
    const unit = `[Unit]
Description=etcd
Documentation=https://github.com/coreos/etcd
Conflicts=etcd-member.service
Conflicts=etcd2.service

[Service]
EnvironmentFile=/etc/etcd/etcd.env
ExecStart=/opt/bin/etcd

Type=notify
TimeoutStartSec=0
Restart=on-failure
RestartSec=5s

LimitNOFILE=65536
Nice=-10
IOSchedulingClass=best-effort
IOSchedulingPriority=2
MemoryLow=200M

[Install]
WantedBy=multi-user.target
`;
    const { GOMAXPROCS: _, ...environment } = variables;
    return {
      name,
      address,
      files: {
        "/etc/systemd/system/etcd.service": unit,
        "/etc/etcd/etcd.env": lines(variables),
        ...Object.fromEntries(
          [
            ["ca.crt", ca],
            ["server.crt", cert],
            ["peer.crt", cert],
            ["server.key", key],
            ["peer.key", key],
          ].map(([file, text]) => [`${pki}/${file}`, text ?? ""]),
        ),
      },
      units: { etcd: unitFact("/etc/systemd/system/etcd.service", { user: "root" }) },
      processes: [processIn("etcd", ["/opt/bin/etcd"], { user: "root", environment })],
    };
  });

/** The tutorial's unit; see its own guide. */
export const tutorial: Layout = ({ ca, cert, key }) =>
  each((name, address) => {
    const flags = [
      `--name=${name}`,
      "--cert-file=/etc/etcd/ssl/etcd.pem",
      "--key-file=/etc/etcd/ssl/etcd-key.pem",
      "--peer-cert-file=/etc/etcd/ssl/etcd.pem",
      "--peer-key-file=/etc/etcd/ssl/etcd-key.pem",
      "--trusted-ca-file=/etc/kubernetes/ssl/ca.pem",
      "--peer-trusted-ca-file=/etc/kubernetes/ssl/ca.pem",
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--listen-peer-urls=https://${address}:2380`,
      `--listen-client-urls=https://${address}:2379,http://127.0.0.1:2379`,
      `--advertise-client-urls=https://${address}:2379`,
      "--initial-cluster-token=etcd-cluster-0",
      `--initial-cluster=${cluster}`,
      "--initial-cluster-state=new",
      "--data-dir=/var/lib/etcd",
    ];
    const unit = `[Service]\nType=notify\nExecStart=/root/local/bin/etcd \\\n  ${flags.join(" \\\n  ")}\nRestart=on-failure\nRestartSec=5\nLimitNOFILE=65536\n`;
    return {
      name,
      address,
      files: {
        "/etc/systemd/system/etcd.service": unit,
        "/etc/etcd/ssl/etcd.pem": cert,
        "/etc/etcd/ssl/etcd-key.pem": key,
        "/etc/kubernetes/ssl/ca.pem": ca,
      },
      units: { etcd: unitFact("/etc/systemd/system/etcd.service", { user: "root" }) },
      processes: [processIn("etcd", ["/root/local/bin/etcd", ...flags], { user: "root" })],
    };
  });
