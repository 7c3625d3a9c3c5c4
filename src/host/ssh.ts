/** The operator's own OpenSSH client: its config, agent, jump hosts and known_hosts decide; quorate adds only limits. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { HostSpec } from "../spec/spec.js";
import { cipherOptions } from "./ssh-ciphers.js";
import { remoteCommand } from "./shell-loop.js";
import { Shell } from "./shell.js";

export type SshTarget = Extract<HostSpec, { kind: "ssh" }>;

export interface SshOptions {
  /** sudo's password; asked for at most once per connection, and only when sudo wants it. */
  readonly sudoPassword?: (() => Promise<{ reveal(): string }>) | undefined;
  /** Seconds for TCP and the SSH handshake each. */
  readonly connectSeconds?: number | undefined;
  /** Milliseconds until the remote shell must be there, login and sudo included. */
  readonly connectPatience?: number | undefined;
  /** The ssh program. */
  readonly program?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

/**
 * Where to connect, as ssh arguments. A config file of quorate's own is named by QUORATE_SSH_CONFIG.
 * @throws QuorateError E_HOST_VALUE for a name that ssh could take for an option or a command
 */
export function sshDestination(target: SshTarget, environment: NodeJS.ProcessEnv = process.env): string[] {
  const config = environment["QUORATE_SSH_CONFIG"];
  return [
    ...(config === undefined || config === "" ? [] : ["-F", config]),
    ...(target.user === undefined ? [] : ["-l", plain("user", target.user)]),
    ...(target.port === undefined ? [] : ["-p", String(target.port)]),
    ...(target.identity === undefined ? [] : ["-i", target.identity]),
    ...(target.jump === undefined ? [] : ["-J", plain("jump host", target.jump)]),
    "--",
    plain("host", target.host),
  ];
}

/** Limits and refusals that hold whatever the operator's config says. Host key checking is left to that config. */
export const sshLimits = (connectSeconds: number): string[] =>
  [
    "BatchMode=yes",
    `ConnectTimeout=${connectSeconds}`,
    // The third question without an answer ends a connection: a host that vanished is noticed after 15 seconds.
    "ServerAliveInterval=5",
    "ServerAliveCountMax=2",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    // An existing master of the operator's is used; becoming one would keep a process with root's rights behind.
    "ControlMaster=no",
    // Less would hide why a negotiation failed or a connection was closed.
    "LogLevel=INFO",
  ].flatMap((option) => ["-o", option]);

/** Open a shell on the host. Returns at once; failures reject what is asked of it. */
export function openSshShell(name: string, target: SshTarget, options: SshOptions = {}): Shell {
  const nonce = randomBytes(12).toString("hex");
  const seconds = options.connectSeconds ?? 10;
  const environment = { ...(options.environment ?? process.env), LC_ALL: "C" };
  const argv = [
    "-T",
    "-e",
    "none",
    ...sshLimits(seconds),
    ...cipherOptions(environment),
    ...sshDestination(target, environment),
    remoteCommand(nonce, target.become),
  ];
  const child = spawn(options.program ?? "ssh", argv, { detached: true, stdio: "pipe", env: environment });
  return new Shell(child, {
    nonce,
    password: options.sudoPassword,
    waitForReady: target.become === "sudo-password",
    connectPatience: options.connectPatience ?? (seconds * 2 + 25) * 1_000,
    explain: async (ending) =>
      (await import("./ssh-failure.js")).explainSsh(name, target, { ...options, environment }, ending),
  });
}

function plain(what: string, value: string): string {
  if (/^[A-Za-z0-9_[][A-Za-z0-9_.:@%[\],/+-]*$/.test(value)) return value;
  throw new QuorateError("E_HOST_VALUE", `not a ${what} for ssh: ${JSON.stringify(value)}`, {
    found: JSON.stringify(value),
  });
}
