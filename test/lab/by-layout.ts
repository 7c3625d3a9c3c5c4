/** Clusters of the well-known layouts on real hosts: the same files that the unit tests read, written there and started. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Certificates } from "../adopt/layouts.js";
import type { ForeignHost } from "../adopt/foreign-world.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import type { LabHost } from "./host.js";
import type { Lab } from "./lab.js";

export interface Layout {
  readonly hosts: (certificates: Certificates) => readonly ForeignHost[];
  /** PEM texts of each host's own certificates. */
  readonly certificates: (host: LabHost, index: number) => Promise<Certificates>;
  readonly version: string;
}

/** Tools that add one member to the next leave this behind, and nobody could begin with it. */
const [joined, begun] = ["ETCD_INITIAL_CLUSTER_STATE=existing", "ETCD_INITIAL_CLUSTER_STATE=new"];

/** Resolves when every member is ready. */
export async function buildByLayout(lab: Lab, layout: Layout): Promise<void> {
  const all = await Promise.all(
    lab.hosts.map(async (host, index) => {
      const found = layout
        .hosts(await layout.certificates(host, index))
        .find(({ address }) => address === host.address);
      if (found === undefined) throw new Error(`the layout has no host at ${host.address}`);
      await prepare(host, found.files, layout.version);
      return { host, files: found.files };
    }),
  );
  await Promise.all(lab.hosts.map((host) => host.must(start, { timeout: 60_000 })));
  await Promise.all(all.map(({ host, files }) => putFiles(host, files)));
}

async function putFiles(host: LabHost, files: ForeignHost["files"]): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const at = join(host.root, path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text, { mode: path.endsWith(".key") ? 0o600 : 0o644 });
  }
}

async function prepare(host: LabHost, files: ForeignHost["files"], version: string): Promise<void> {
  const all = Object.entries(files).map(([path, text]) => [path, text.replace(joined, begun)] as const);
  await putFiles(host, Object.fromEntries(all));
  const unit = all.find(([path]) => path.endsWith("/etcd.service"))?.[1] ?? "";
  const program = /^ExecStart=(\S+)/m.exec(unit)?.[1] ?? "/usr/bin/etcd";
  await mkdir(dirname(join(host.root, program)), { recursive: true });
  await copyFile(join(etcdFolder(version), "etcd"), join(host.root, program));
  const user = /^User=(\S+)/m.exec(unit)?.[1] ?? "root";
  // As Debian's package does it after it is unpacked.
  if (user !== "root") await host.must(`useradd --system --home-dir /var/lib/etcd --shell /usr/sbin/nologin ${user}`);
  await host.must(`mkdir -p -m 700 /var/lib/etcd && chown ${user}: /var/lib/etcd`);
}

const start = `
systemctl daemon-reload
systemctl enable etcd
systemctl start --no-block etcd
for i in $(seq 300); do systemctl is-active -q etcd && exit 0; sleep 0.1; done
systemctl status etcd; journalctl -u etcd --no-pager -n 20; exit 1
`;
