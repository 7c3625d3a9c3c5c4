/**
 * A lab of real Linux hosts on one machine: systemd as PID 1, sshd, a disk and a network namespace each, at the
 * tutorial's own addresses. Needs root. All hosts share this machine's kernel, and so its clock: a lab cannot have a
 * host whose clock is off.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute, must, type Ended, type ExecuteOptions } from "./execute.js";
import { LabHost } from "./host.js";
import { claimLab, removeLab, removeLeftovers } from "./leftovers.js";
import { inside, layNetwork } from "./network.js";
import { rootFileSystem } from "./rootfs.js";

/** The three machines of the tutorial: two subnets with a router between them. */
export const tutorialHosts = [
  { name: "etcd-host0", address: "10.64.3.7" },
  { name: "etcd-host1", address: "10.64.3.8" },
  { name: "etcd-host2", address: "10.66.3.86" },
] as const;

export interface LabOptions {
  /** Default: the tutorial's three. Names are letters, digits and dashes; addresses IPv4 in /24 subnets, never .1. */
  readonly hosts?: readonly { readonly name: string; readonly address: string }[];
}

export interface Lab {
  readonly name: string;
  /** The operator's own folder: identity, known_hosts, ssh_config. Gone with the lab. */
  readonly folder: string;
  readonly hosts: readonly LabHost[];
  /** The environment of everything that the operator runs: QUORATE_SSH_CONFIG names the lab's ssh_config. */
  readonly env: Readonly<Record<string, string>>;
  readonly knownHosts: string;
  readonly identity: string;
  /** @throws Error when the lab has no such host. */
  host(name: string): LabHost;
  /** Run a command as the operator, inside the lab's network. */
  run(argv: readonly string[], options?: ExecuteOptions): Promise<Ended>;
  /** Like run, but only started: for what is to be watched or killed. */
  start(argv: readonly string[], options?: { cwd?: string; env?: Readonly<Record<string, string>> }): ChildProcess;
  /** `ssh` to a host as the operator. */
  ssh(destination: string, command: string, options?: ExecuteOptions): Promise<Ended>;
  destroy(): Promise<void>;
}

/** Build a lab and boot all its hosts: a few seconds, plus half a minute when the root file system is not cached. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  if (process.getuid?.() !== 0) throw new Error("a lab needs root: it makes mounts, namespaces and control groups");
  const wanted = options.hosts ?? tutorialHosts;
  await removeLeftovers();
  const rootfs = await rootFileSystem();
  const { name, folder } = await claimLab();
  try {
    await layNetwork(name, wanted);
    const hosts = wanted.map((host) => new LabHost(name, host.name, host.address, join(folder, host.name)));
    const operator = await equipOperator(join(folder, "operator"), hosts, rootfs);
    await Promise.all(hosts.map((host) => host.boot()));
    return labOf(name, join(folder, "operator"), hosts, operator);
  } catch (problem) {
    await removeLab(name);
    throw problem;
  }
}

/** Make the operator's key and every host's disk, and let them know each other, so that host key checks stay strict. */
async function equipOperator(folder: string, hosts: readonly LabHost[], rootfs: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [identity, knownHosts, config] = ["identity", "known_hosts", "ssh_config"].map((file) =>
    join(folder, file),
  ) as [string, string, string];
  await must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", identity]);
  const authorizedKey = await readFile(`${identity}.pub`, "utf8");
  const names = hosts.map((host) => `${host.address} ${host.name}\n`).join("");
  await Promise.all(
    hosts.map((host) => host.makeDisk(rootfs, { authorizedKey, hosts: `127.0.0.1 localhost\n${names}` })),
  );
  const keys = await Promise.all(hosts.map(async (host) => `${host.address} ${await host.publicKey()}\n`));
  await writeFile(knownHosts, keys.join(""));
  const settings = [
    ...hosts.flatMap((host) => [`Host ${host.name}`, `  HostName ${host.address}`]),
    "Host *",
    `  IdentityFile ${identity}`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${knownHosts}`,
    "  GlobalKnownHostsFile /dev/null",
    "  StrictHostKeyChecking yes",
    "  ConnectTimeout 10",
  ];
  await writeFile(config, `${settings.join("\n")}\n`);
  return config;
}

function labOf(name: string, folder: string, hosts: readonly LabHost[], config: string): Lab {
  const env = { QUORATE_SSH_CONFIG: config };
  const lab: Lab = {
    name,
    folder,
    hosts,
    env,
    knownHosts: join(folder, "known_hosts"),
    identity: join(folder, "identity"),
    host(wanted) {
      const found = hosts.find((host) => host.name === wanted);
      if (found === undefined) throw new Error(`the lab has no host ${wanted}`);
      return found;
    },
    run: (argv, options = {}) => execute(inside(name, argv), { ...options, env: { ...env, ...options.env } }),
    start(argv, options = {}) {
      const [command, ...rest] = inside(name, argv) as [string, ...string[]];
      return spawn(command, rest, { cwd: options.cwd, env: { ...process.env, ...env, ...options.env }, stdio: "pipe" });
    },
    ssh: (destination, command, options = {}) =>
      lab.run(["ssh", "-F", config, "-o", "BatchMode=yes", destination, command], { timeout: 30_000, ...options }),
    destroy: () => removeLab(name),
  };
  return lab;
}
