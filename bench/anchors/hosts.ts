/** What the operator would run without quorate: plain ssh, the tutorial's steps, Debian's own etcdctl. */
import { mkdirSync, rmSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../../test/lab/lab.js";
import { project } from "../../test/lab/folders.js";
import { testAuthority } from "../../test/support/test-certificates.js";

/** `ssh host true` to every host at once. @returns milliseconds until the last one ended */
export async function sshTrue(lab: Lab): Promise<number> {
  const begin = performance.now();
  const ended = await Promise.all(lab.hosts.map((host) => lab.ssh(`root@${host.address}`, "true")));
  for (const one of ended) if (one.code !== 0) throw new Error(`ssh true failed: ${one.stderr}`);
  return performance.now() - begin;
}

/** Certificates as the tutorial wants them: one pair for all members, with everybody's address. */
export function tutorialCertificates(lab: Lab): string {
  const folder = join(lab.folder, "tutorial");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const authority = testAuthority(folder, "ca");
  const pair = authority.issue("etcd", ["IP:127.0.0.1", ...lab.hosts.map((host) => `IP:${host.address}`)]);
  copyFileSync(authority.caFile, join(folder, "ca.pem"));
  copyFileSync(pair.certFile, join(folder, "etcd.pem"));
  copyFileSync(pair.keyFile, join(folder, "etcd-key.pem"));
  return folder;
}

/**
 * The tutorial's steps on bare hosts, certificates already made. @returns milliseconds until all three are said to be
 * healthy
 */
export async function byTheTutorial(lab: Lab, binaries: string, certificates: string): Promise<number> {
  const script = join(project, "bench", "anchors", "tutorial.sh");
  const addresses = lab.hosts.map((host) => host.address).join(" ");
  const config = lab.env["QUORATE_SSH_CONFIG"] ?? "";
  const ended = await lab.run(["bash", script, config, binaries, certificates, addresses], { timeout: 300_000 });
  const healthy = `${ended.stdout}${ended.stderr}`.split("is healthy: successfully committed proposal").length - 1;
  if (ended.code !== 0 || healthy !== lab.hosts.length)
    throw new Error(`the tutorial's steps failed (${ended.code})\n${ended.stdout}${ended.stderr}`);
  return ended.took;
}
