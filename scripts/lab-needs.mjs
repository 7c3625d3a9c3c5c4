/** What a machine must have for the lab of real hosts, and how to get it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Program → the Debian package that brings it. */
const programs = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  nft: "nftables",
  ip: "iproute2",
  ssh: "openssh-client",
  openssl: "openssl",
  nsenter: "util-linux",
};

const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
const isHere = (program) => path.split(":").some((folder) => existsSync(`${folder}/${program}`));
const missing = () => [
  ...new Set(
    Object.keys(programs)
      .filter((program) => !isHere(program))
      .map((program) => programs[program]),
  ),
];
const apt = (...args) =>
  spawnSync("apt-get", args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
    .status === 0;

/** True when apt's lists have been fetched; a fresh container image comes without. */
const knowsPackages = () =>
  spawnSync("apt-get", ["indextargets", "--format", "$(ORIGIN)", "Created-By: Packages"], { encoding: "utf8" })
    .stdout?.includes("Debian") === true;

/** Hosts need namespaces and mounts of their own, which root does not have everywhere, for example in a plain container. */
const mayMakeHosts = () =>
  spawnSync("unshare", ["--mount", "--net", "--pid", "--fork", "mount", "-t", "tmpfs", "lab", "/mnt"], { stdio: "ignore" })
    .status === 0;

/**
 * Have everything that the lab needs, installing it where that is possible.
 * @returns undefined when all is there, else one sentence that says exactly what is lacking.
 */
export function labLacks() {
  if (process.platform !== "linux") return "the lab needs Linux";
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID=debian$/m.test(release)) return "the lab needs Debian 12 or newer, whose packages its hosts are made of";
  if (process.getuid() !== 0) {
    const packages = missing();
    const install = packages.length === 0 ? "" : `, after \`apt-get install ${packages.join(" ")}\``;
    return `the lab needs root, for namespaces and mounts: run \`npm run test:lab\` as root${install}`;
  }
  if (!mayMakeHosts()) return "the lab needs a root that may make namespaces and mounts, which this one may not";
  if (!/\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8")))
    spawnSync("modprobe", ["overlay"], { stdio: "ignore" });
  if (!/\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8")))
    return "the lab needs a kernel with overlay file systems";
  if (!knowsPackages() && !apt("update", "-q")) return "the lab needs package lists, and `apt-get update` failed";
  const packages = missing();
  if (packages.length > 0 && !apt("install", "-qy", "--no-install-recommends", ...packages)) {
    // Lists that are too old name versions that no mirror holds any more.
    if (!apt("update", "-q") || !apt("install", "-qy", "--no-install-recommends", ...packages)) {
      return `the lab needs the packages ${packages.join(" ")}, and apt-get could not install them`;
    }
  }
  return undefined;
}
