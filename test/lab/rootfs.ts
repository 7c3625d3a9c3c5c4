import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execute, must } from "./execute.js";
import { labFolder, project } from "./folders.js";

const packages = [
  "systemd-sysv", "openssh-server", "iproute2", "dbus", "ca-certificates", "sudo", "procps", "nftables", "openssl",
]; // prettier-ignore
const setup = join(project, "test", "lab", "rootfs-setup.sh");
const debianKeys = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * The root file system below every host: this machine's own Debian release with sshd and systemd, from this machine's
 * own apt sources. Built once (about half a minute), then found by the digest of everything that it is made from.
 * @returns its folder. @throws Error with the last words of mmdebstrap.
 */
export async function rootFileSystem(): Promise<string> {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1] ?? "unknown";
  const recipe = [codename, process.arch, ...packages, await readFile(setup, "utf8")].join("\n");
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const folder = join(labFolder, `rootfs-${digest}`);
  if (existsSync(folder)) return folder;

  await mkdir(labFolder, { recursive: true });
  const making = `${folder}.${process.pid}`;
  const built = await execute(
    [
      "mmdebstrap", "--variant=minbase", `--include=${packages.join(",")}`, "--aptopt=APT::Sandbox::User \"root\"",
      ...(await acquireOptions()), `--customize-hook=sh ${setup} "$1"`, codename, making, "-",
    ], // prettier-ignore
    { input: await debianSources(), timeout: 600_000 },
  );
  if (built.code !== 0) {
    await rm(making, { recursive: true, force: true });
    throw new Error(
      `no root file system for the lab: mmdebstrap ended with ${built.code}\n${built.stderr.slice(-2000)}`,
    );
  }
  try {
    await rename(making, folder);
  } catch (problem) {
    if (!existsSync(folder)) throw problem; // else another lab was quicker with the same thing
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

/** This machine's own Debian sources, one line each; third-party ones have no place on a bare host. */
async function debianSources(): Promise<string> {
  const format = "$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)";
  const targets = await must(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]);
  const signed = existsSync(debianKeys) ? `[signed-by=${debianKeys}] ` : "";
  const lines = targets
    .split("\n")
    .filter((line) => line.startsWith("Debian "))
    .map((line) => `deb ${signed}${line.slice("Debian ".length)}`);
  if (lines.length === 0) throw new Error("apt knows no Debian packages here; run `apt-get update` as root first");
  return `${[...new Set(lines)].join("\n")}\n`;
}

/** How this machine's apt reaches its mirrors: proxies and certificates. */
async function acquireOptions(): Promise<readonly string[]> {
  const settings = await must(["apt-config", "dump"]);
  const wanted = /^Acquire::(https?|ftp|tor)::\S+ ".+";$/i;
  return settings
    .split("\n")
    .filter((line) => wanted.test(line))
    .map((line) => `--aptopt=${line}`);
}
