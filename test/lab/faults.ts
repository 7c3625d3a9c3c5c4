/** Bad luck for a host, from inside its own namespaces. None of it outlives a reboot. */
import { must } from "./execute.js";
import type { LabHost } from "./host.js";
import { inside, namespaceOf } from "./network.js";

export interface Cut {
  /** Which packets are dropped, seen from the host that is cut; default both. */
  readonly direction?: "in" | "out" | "both";
  /** Only packets to or from these TCP ports of either side; default all traffic. */
  readonly ports?: readonly number[];
}

/** Drop the packets between this host and others. Several cuts add up until `heal`. */
export async function partition(host: LabHost, from: readonly { address: string }[], cut: Cut = {}): Promise<void> {
  const direction = cut.direction ?? "both";
  const peers = `{ ${from.map((peer) => peer.address).join(", ")} }`;
  const ports =
    cut.ports === undefined ? [""] : ["sport", "dport"].map((side) => `tcp ${side} { ${cut.ports?.join(", ")} } `);
  const rules = (["in", "out"] as const)
    .filter((way) => direction === "both" || direction === way)
    .flatMap((way) =>
      ports.map((match) => `add rule ip lab ${way} ip ${way === "in" ? "saddr" : "daddr"} ${peers} ${match}drop`),
    );
  const table = [
    "add table ip lab",
    "add chain ip lab in { type filter hook input priority 0; }",
    "add chain ip lab out { type filter hook output priority 0; }",
  ];
  await nft(host, [...table, ...rules]);
}

/** Undo every cut of this host. */
export async function heal(host: LabHost): Promise<void> {
  await nft(host, ["add table ip lab", "delete table ip lab"]);
}

async function nft(host: LabHost, lines: readonly string[]): Promise<void> {
  await must(inside(namespaceOf(host.lab, host.name), ["nft", "-f", "-"]), { input: `${lines.join("\n")}\n` });
}

/** Put a small file system of its own at a path and fill it to the last byte. */
export async function fillDisk(host: LabHost, path: string, sizeMiB = 4): Promise<void> {
  await host.must(`mkdir -p ${path} && mount -t tmpfs -o size=${sizeMiB}m,mode=0755 lab-disk ${path}`);
  await host.exec(`head -c ${sizeMiB * 2}M /dev/zero > ${path}/.filler`);
}

/** Make everything below a path read-only. */
export async function readOnly(host: LabHost, path: string): Promise<void> {
  await host.must(`mkdir -p ${path} && mount --bind ${path} ${path} && mount -o remount,bind,ro ${path}`);
}

/** Put a file system of its own at a path, from which no program may be run. */
export async function noExec(host: LabHost, path: string): Promise<void> {
  await host.must(`mkdir -p ${path} && mount -t tmpfs -o noexec,mode=0755 lab-disk ${path}`);
}

/** Undo the last of fillDisk, readOnly or noExec at this path. */
export async function mendDisk(host: LabHost, path: string): Promise<void> {
  await host.must(`umount ${path}`);
}
