import type { LabHost } from "./host.js";

/** What etcd, sshd and systemd themselves write while nobody changes anything. */
const alive = [
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/var/tmp",
  "/var/log",
  "/var/lib/systemd",
  "/var/cache",
  "/root/.bash_history",
];

/**
 * Every file of a host with its time of change, mode and owner, as `find` prints them: two equal snapshots mean that
 * nothing was written, replaced or even touched in between. etcd's own data is left out, as etcd writes it on its own.
 */
export async function snapshot(host: LabHost): Promise<string> {
  const prune = [...alive, "/var/lib/etcd/member"].map((path) => `-path ${path}`).join(" -o ");
  return await host.must(`find / -xdev \\( ${prune} \\) -prune -o -printf '%p %T@ %C@ %m %U:%G %s\\n' | sort`);
}
