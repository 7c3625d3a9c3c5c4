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
