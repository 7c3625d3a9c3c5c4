/** A Linux host over the operator's own OpenSSH client, with systemd. */
import type { Host } from "./host.js";
import { ShellHost, type ShellHostOptions } from "./shell-host.js";
import { openSshShell, sshDestination, type SshOptions, type SshTarget } from "./ssh.js";

/**
 * Nothing is connected until something is asked of the host.
 * @param name how the host is called in messages; a member's name
 * @throws QuorateError E_HOST_VALUE for a name that must not reach ssh
 */
export function openSshHost(name: string, target: SshTarget, options: ShellHostOptions & SshOptions): Host {
  sshDestination(target, options.environment);
  return new ShellHost(name, () => openSshShell(name, target, options), options);
}
