import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { makeControlGroup, machineRunsSystemd } from "./cgroup.js";
import { execute, must, until, type Ended, type ExecuteOptions } from "./execute.js";
import { namespaceOf } from "./network.js";
import { childrenOf, isProcess, pullPlug } from "./process.js";

/** One Linux host of a lab: systemd as PID 1, sshd, its own network and its own disk, which outlives its boots. */
export class LabHost {
  /** Files of the host as this machine sees them; usable while the host is down too. */
  readonly root: string;
  private nspawn: number | undefined;
  private readonly machine: string;

  constructor(
    readonly lab: string,
    readonly name: string,
    readonly address: string,
    /** Holds the host's disk, console log and pid. */
    readonly folder: string,
  ) {
    this.root = join(folder, "root");
    this.machine = namespaceOf(lab, name);
  }

  /** Put a fresh disk over the shared root file system and give the host its identity and keys. */
  async makeDisk(rootfs: string, identity: { authorizedKey: string; hosts: string }): Promise<void> {
    const [upper, work] = [join(this.folder, "disk"), join(this.folder, "work")];
    for (const folder of [upper, work, this.root]) await mkdir(folder, { recursive: true });
    await must([
      "mount",
      "-t",
      "overlay",
      "overlay",
      "-o",
      `lowerdir=${rootfs},upperdir=${upper},workdir=${work}`,
      this.root,
    ]);
    await writeFile(join(this.root, "etc/machine-id"), `${randomUUID().replaceAll("-", "")}\n`);
    await writeFile(join(this.root, "etc/hostname"), `${this.name}\n`);
    await writeFile(join(this.root, "etc/hosts"), identity.hosts);
    await must([
      "ssh-keygen",
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      this.name,
      "-f",
      join(this.root, "etc/ssh/ssh_host_ed25519_key"),
    ]);
    for (const [home, user] of [
      ["root", "root"],
      ["home/ops", "ops"],
      ["home/opspw", "opspw"],
    ] as const) {
      const ssh = join(this.root, home, ".ssh");
      await mkdir(ssh, { recursive: true, mode: 0o700 });
      await writeFile(join(ssh, "authorized_keys"), identity.authorizedKey);
      await chmod(join(ssh, "authorized_keys"), 0o600);
      await must(["chroot", this.root, "chown", "-R", `${user}:${user}`, `/${home}/.ssh`]);
    }
  }

  /** The host's public key as a known_hosts file wants it: type and key. */
  async publicKey(): Promise<string> {
    const line = await readFile(join(this.root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
    return line.split(" ").slice(0, 2).join(" ");
  }

  /** True while the host has power. */
  get isUp(): boolean {
    return this.nspawn !== undefined && isProcess(this.nspawn, `--machine=${this.machine}`);
  }

  /** The pid of the host's systemd, as this machine counts. @throws Error while the host is down. */
  get init(): number {
    const init = this.nspawn === undefined ? undefined : childrenOf(this.nspawn)[0];
    if (init === undefined) throw new Error(`host ${this.name} is down`);
    return init;
  }

  /** Switch the host on and wait until its systemd has started everything and sshd answers. */
  async boot(): Promise<void> {
    if (this.isUp) return;
    const groups = await makeControlGroup(this.machine);
    const console = openSync(join(this.folder, "console.log"), "a");
    const nspawn = [
      "systemd-nspawn", "--quiet", "--register=no", ...(machineRunsSystemd() ? [] : ["--keep-unit"]),
      "--kill-signal=SIGRTMIN+3", "--capability=CAP_NET_ADMIN", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
      `--directory=${this.root}`, `--network-namespace-path=/run/netns/${this.machine}`, `--hostname=${this.name}`,
      `--machine=${this.machine}`, "--boot",
    ]; // prettier-ignore
    const enter = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec "$@"';
    const child = spawn("sh", ["-c", enter, "sh", ...groups, "--", ...nspawn], {
      detached: true,
      stdio: ["ignore", console, console],
    });
    closeSync(console);
    if (child.pid === undefined) throw new Error("systemd-nspawn could not be started");
    child.unref();
    await writeFile(join(this.folder, "pid"), String(child.pid));
    this.nspawn = child.pid;
    await this.untilRunning();
  }

  /** Run a shell script on the host as root, not over the network: works while the host is cut off. */
  async exec(script: string, options: ExecuteOptions = {}): Promise<Ended> {
    const enter = [
      "nsenter",
      `--target=${this.init}`,
      "--mount",
      "--uts",
      "--ipc",
      "--net",
      "--pid",
      "--root",
      "--wd",
      "--",
    ];
    const clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"];
    return await execute([...enter, ...clean, "sh", "-c", script], options);
  }

  /** Like exec, for what must succeed. @returns standard output. @throws Error with everything that it printed. */
  async must(script: string, options: ExecuteOptions = {}): Promise<string> {
    const ended = await this.exec(script, options);
    if (ended.code !== 0)
      throw new Error(`on ${this.name}: ${script}\nended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  }

  /** An orderly reboot from inside; resolves when the host is up again. */
  async reboot(): Promise<void> {
    await this.exec("systemctl reboot");
    await until(`${this.name} to go down`, 120_000, () => !this.isUp);
    await this.boot();
  }

  /** Power off this instant. What the processes had written stays, as the disk's cache is this machine's own. */
  async powerLoss(): Promise<void> {
    if (this.nspawn !== undefined) await pullPlug(this.nspawn, `--machine=${this.machine}`);
    this.nspawn = undefined;
  }

  private async untilRunning(): Promise<void> {
    const ready = "systemctl is-system-running --wait >/dev/null; exec 3<>/dev/tcp/127.0.0.1/22";
    try {
      await until(`${this.name} to boot`, 60_000, async () => {
        if (!this.isUp) throw new Error("systemd-nspawn ended");
        return (await this.exec(`bash -c '${ready}'`).catch(() => ({ code: 1 }))).code === 0;
      });
    } catch (problem) {
      const console = await readFile(join(this.folder, "console.log"), "utf8");
      throw new Error(`host ${this.name} did not boot; its console ends with\n${console.slice(-2000)}`, {
        cause: problem,
      });
    }
  }
}
