/** Clusters as people build them without quorate: a shell on every host, files copied by hand. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { etcdFolder } from "../support/etcd-binaries.js";
import { must } from "./execute.js";
import type { LabHost } from "./host.js";
import type { Lab } from "./lab.js";

/** Files of the operator, who made them: the CA with its key, and the one pair that every member shares. */
export interface TutorialFiles {
  readonly folder: string;
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

/** The tutorial's third chapter: one certificate that names all hosts, of one CA. */
export async function tutorialCertificates(folder: string, addresses: readonly string[]): Promise<TutorialFiles> {
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const subject = "/C=CN/ST=BeiJing/L=BeiJing/O=k8s/OU=System";
  await writeFile(
    at("leaf.cnf"),
    `subjectAltName=${["127.0.0.1", ...addresses].map((address) => `IP:${address}`).join(",")}\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n`,
  );
  const run = (args: readonly string[]): Promise<unknown> => must(["openssl", ...args]);
  const newKey = ["-newkey", "rsa:2048", "-nodes", "-sha256"];
  await run([
    "req",
    "-x509",
    ...newKey,
    "-days",
    "3650",
    "-subj",
    `${subject}/CN=kubernetes`,
    "-keyout",
    at("ca-key.pem"),
    "-out",
    at("ca.pem"),
  ]);
  await run([
    "req",
    "-new",
    ...newKey,
    "-subj",
    `${subject}/CN=etcd`,
    "-keyout",
    at("etcd-key.pem"),
    "-out",
    at("etcd.csr"),
  ]);
  await run([
    "x509",
    "-req",
    "-sha256",
    "-days",
    "3650",
    "-in",
    at("etcd.csr"),
    "-CA",
    at("ca.pem"),
    "-CAkey",
    at("ca-key.pem"),
    "-CAcreateserial",
    "-extfile",
    at("leaf.cnf"),
    "-out",
    at("etcd.pem"),
  ]);
  await must(["chmod", "600", at("ca-key.pem"), at("etcd-key.pem")]);
  return { folder, ca: at("ca.pem"), caKey: at("ca-key.pem"), cert: at("etcd.pem"), key: at("etcd-key.pem") };
}

/** The tutorial's chapters two to five, as a script that is run on every host with its own first two variables. */
const script = (name: string, address: string, lab: Lab, more: string): string => `
set -e
export NODE_NAME=${name}
export NODE_IP=${address}
export NODE_IPS="${lab.hosts.map((host) => host.address).join(" ")}"
export ETCD_NODES=${lab.hosts.map((host) => `${host.name}=https://${host.address}:2380`).join(",")}
mkdir -p /etc/etcd/ssl /etc/kubernetes/ssl /var/lib/etcd
cp /root/etcd.pem /root/etcd-key.pem /etc/etcd/ssl/
cp /root/ca.pem /etc/kubernetes/ssl/
cat > /etc/systemd/system/etcd.service <<END
[Unit]
Description=Etcd Server
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
WorkingDirectory=/var/lib/etcd/
ExecStart=/root/local/bin/etcd \\\\
  --name=\${NODE_NAME} \\\\
  --cert-file=/etc/etcd/ssl/etcd.pem \\\\
  --key-file=/etc/etcd/ssl/etcd-key.pem \\\\
  --peer-cert-file=/etc/etcd/ssl/etcd.pem \\\\
  --peer-key-file=/etc/etcd/ssl/etcd-key.pem \\\\
  --trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\\\
  --peer-trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\\\
  --initial-advertise-peer-urls=https://\${NODE_IP}:2380 \\\\
  --listen-peer-urls=https://\${NODE_IP}:2380 \\\\
  --listen-client-urls=https://\${NODE_IP}:2379,http://127.0.0.1:2379 \\\\
  --advertise-client-urls=https://\${NODE_IP}:2379 \\\\
  --initial-cluster-token=etcd-cluster-0 \\\\
  --initial-cluster=\${ETCD_NODES} \\\\
  --initial-cluster-state=new \\\\
  ${more}--data-dir=/var/lib/etcd
Restart=on-failure
RestartSec=5
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable etcd
systemctl start --no-block etcd
for i in $(seq 300); do systemctl is-active -q etcd && exit 0; sleep 0.1; done
systemctl status etcd; exit 1
`;

/** @param more further flags of every member, such as `--snapshot-count=5000 ` */
export async function buildByTutorial(lab: Lab, files: TutorialFiles, version: string, more = ""): Promise<void> {
  await Promise.all(lab.hosts.map((host) => carry(host, files, version)));
  await Promise.all(
    lab.hosts.map((host) => host.must(script(host.name, host.address, lab, more), { timeout: 60_000 })),
  );
}

async function carry(host: LabHost, files: TutorialFiles, version: string): Promise<void> {
  const root = (path: string): string => join(host.root, "root", path);
  await mkdir(root("local/bin"), { recursive: true });
  await must(["cp", ...["etcd", "etcdctl"].map((name) => join(etcdFolder(version), name)), root("local/bin/")]);
  await must(["cp", files.ca, files.cert, files.key, root("")]);
}

/** kubespray's way: a certificate per member, everything in /etc/etcd.env, a unit that says almost nothing. */
export async function buildByKubespray(lab: Lab, files: TutorialFiles, version: string): Promise<void> {
  await Promise.all(
    lab.hosts.map(async (host, index) => {
      await carry(host, files, version);
      const own = await memberCertificate(files, `member-node${index + 1}`, host.address);
      await must(["cp", own.cert, own.key, join(host.root, "root")]);
    }),
  );
  await Promise.all(
    lab.hosts.map((host, index) => host.must(kubesprayScript(lab, host, `node${index + 1}`), { timeout: 60_000 })),
  );
}

export async function memberCertificate(
  { folder, ca, caKey }: TutorialFiles,
  name: string,
  address: string,
): Promise<{ cert: string; key: string }> {
  const [cert, key, csr, extensions] = ["pem", "key", "csr", "cnf"].map((end) => join(folder, `${name}.${end}`)) as [
    string,
    string,
    string,
    string,
  ];
  await writeFile(
    extensions,
    `subjectAltName=IP:127.0.0.1,IP:${address}\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n`,
  );
  const request = ["-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", `/CN=etcd-${name}`];
  await must(["openssl", "req", "-new", ...request, "-keyout", key, "-out", csr]);
  const signer = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-days", "365", "-extfile", extensions];
  await must(["openssl", "x509", "-req", "-sha256", "-in", csr, ...signer, "-out", cert]);
  return { cert, key };
}

const kubesprayScript = (lab: Lab, { address }: LabHost, node: string): string => `
set -e
S=/etc/ssl/etcd/ssl
mkdir -p $S /var/lib/etcd && chmod 700 /var/lib/etcd
cp /root/ca.pem $S/ca.pem
cp /root/member-${node}.pem $S/member-${node}.pem
cp /root/member-${node}.key $S/member-${node}-key.pem
chmod 600 $S/*-key.pem
cp /root/local/bin/etcd /usr/local/bin/etcd
cat > /etc/etcd.env <<END
# Environment file for etcd
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ADVERTISE_CLIENT_URLS=https://${address}:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:2380
ETCD_INITIAL_CLUSTER_STATE=new
ETCD_METRICS=basic
ETCD_LISTEN_CLIENT_URLS=https://${address}:2379,https://127.0.0.1:2379
ETCD_ELECTION_TIMEOUT=5000
ETCD_HEARTBEAT_INTERVAL=250
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://${address}:2380
ETCD_NAME=${node}
ETCD_PROXY=off
ETCD_INITIAL_CLUSTER=${lab.hosts.map((host, index) => `node${index + 1}=https://${host.address}:2380`).join(",")}
ETCD_AUTO_COMPACTION_RETENTION=8
ETCD_SNAPSHOT_COUNT=10000
ETCD_TRUSTED_CA_FILE=$S/ca.pem
ETCD_CERT_FILE=$S/member-${node}.pem
ETCD_KEY_FILE=$S/member-${node}-key.pem
ETCD_CLIENT_CERT_AUTH=true
ETCD_PEER_TRUSTED_CA_FILE=$S/ca.pem
ETCD_PEER_CERT_FILE=$S/member-${node}.pem
ETCD_PEER_KEY_FILE=$S/member-${node}-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=True
END
cat > /etc/systemd/system/etcd.service <<END
[Unit]
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
END
systemctl daemon-reload
systemctl enable etcd
systemctl start --no-block etcd
for i in $(seq 300); do systemctl is-active -q etcd && exit 0; sleep 0.1; done
systemctl status etcd; exit 1
`;
