/** The output of the observe script → what was seen. */
import { QuorateError } from "../errors.js";
import type { DataFact, HostQuestion, LockHolder, Reachable } from "./host.js";
import { judgeRelease } from "./manifest.js";
import { disksOf, statsOf } from "./observe-disk.js";
import { addressesOf, listenersOf } from "./observe-network.js";
import { diskPaths, statPaths } from "./observe-script.js";
import { fieldsOf, Sections, sectionsOf, type Section } from "./observe-sections.js";
import { processService, systemdService } from "./observe-supervised.js";
import { strangersOf, unitsOf } from "./observe-strangers.js";

/** Cluster and member ID out of the first bytes of a write-ahead log; undefined when they are not one. */
export type ReadIdentity = (bytes: Uint8Array) => { readonly clusterId: string; readonly memberId: string } | undefined;

const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** How far an instant is off an interval. A host that is slow to answer looked at its clock somewhere in between. */
const beyond = (instant: number, [begin, end]: readonly [number, number]): number =>
  instant - Math.min(Math.max(instant, begin), end);

/**
 * @param during operator clock, milliseconds, when the host was asked and when its answer was complete
 * @throws QuorateError E_HOST_OUTPUT when the output is not a complete answer
 */
export function parseObservation(
  output: Buffer,
  nonce: string,
  question: HostQuestion,
  during: readonly [asked: number, answered: number],
  readIdentity: ReadIdentity,
): Reachable {
  return toldBy(sectionsOf(output, nonce), question, during, readIdentity, output);
}

/** The same from sections, whoever made them. @param output for a message, when they are not all there */
export function toldBy(
  all: readonly Section[],
  question: HostQuestion,
  during: readonly [asked: number, answered: number],
  readIdentity: ReadIdentity,
  output: Buffer = Buffer.alloc(0),
): Reachable {
  const sections = new Sections(all);
  const system = fieldsOf(sections.lines("system"), " ");
  const hostClock = Number((sections.all("clock")[0]?.words[0] ?? "").slice(0, -6));
  if (system["arch"] === undefined || !Number.isSafeInteger(hostClock) || hostClock <= 0) {
    throw new QuorateError("E_HOST_OUTPUT", "the host's answer is not complete", {
      found: output.subarray(0, 200).toString("utf8"),
    });
  }
  const systemd = Number.parseInt((system["systemd"] ?? "").replace(/^systemd /, ""), 10);
  const stats = statsOf(sections.lines("stats"), sections.perPath("link", statPaths(question)));
  return {
    reach: "reachable",
    arch: architectures[system["arch"]] ?? system["arch"],
    machineId: system["machine"] ?? "",
    bootId: system["boot"] ?? "",
    systemd: Number.isSafeInteger(systemd) ? systemd : undefined,
    root: system["uid"] === "0",
    openssl: system["openssl"] === "yes",
    clockSkew: beyond(hostClock, during),
    memoryTotal: (Number.parseInt(system["memory"] ?? "0", 10) || 0) * 1024,
    addresses: addressesOf(sections.text("net") ?? ""),
    userExists: system["user"] === "yes",
    texts: sections.perPath("text", question.texts),
    stats: Object.fromEntries(Object.entries(stats).filter(([path]) => question.stats.includes(path))),
    digests: digestsOf(sections, question.digests),
    releases: releasesOf(sections, question.releases),
    disks: disksOf(sections, diskPaths(question)),
    service:
      question.service.kind === "systemd"
        ? systemdService(sections)
        : processService(sections, stats[question.service.unitPath]),
    data: dataOf(sections, readIdentity),
    listeners: listeningOf(sections, question.ports, system["arch"] === "s390x"),
    lock: sections.has("lock") ? parseHolder(sections.text("lock") ?? "") : undefined,
    mark: sections.text("mark"),
    ...(question.program !== undefined && { processes: strangersOf(sections), units: unitsOf(sections) }),
    ...(question.certificates !== undefined && {
      certificates: sections.perPath("certificates", question.certificates),
    }),
  };
}

function digestsOf(sections: Sections, paths: readonly string[]): Record<string, string> {
  const lines = Object.entries(sections.perPath("digest", paths));
  return Object.fromEntries(
    lines.flatMap(([path, line]) => (/^[0-9a-f]{64}/.test(line) ? [[path, line.slice(0, 64)]] : [])),
  );
}

function releasesOf(sections: Sections, paths: readonly string[]): Record<string, string> {
  const files = sections.perPath("files", paths);
  const manifests = Object.entries(sections.perPath("manifest", paths));
  return Object.fromEntries(manifests.map(([path, manifest]) => [path, judgeRelease(manifest, files[path] ?? "")]));
}

/** A fresh file system holds lost+found, which etcd does not mind. */
function dataOf(sections: Sections, readIdentity: ReadIdentity): DataFact {
  const log = sections.body("wal");
  const identity = log === undefined ? undefined : readIdentity(log);
  if (identity !== undefined) return { kind: "member", clusterId: identity.clusterId, memberId: identity.memberId };
  const folders = [...sections.all("data"), ...sections.all("waldir")];
  if (folders.length === 0) return { kind: "absent" };
  const found = folders.flatMap(({ words, body }) =>
    words[0] === "folder" ? body.toString("utf8").split("\n") : ["not a folder"],
  );
  const names = found.filter((name) => name !== "" && name !== "lost+found");
  return names.length === 0
    ? { kind: "empty" }
    : { kind: "foreign", found: names.slice(0, 20).map((name) => name.slice(0, 255)) };
}

function listeningOf(sections: Sections, ports: readonly number[], bigEndian: boolean): Reachable["listeners"] {
  const owners = new Map(
    sections
      .all("owner")
      .map(({ words: [inode = "", pid = "", ...command] }) => [
        inode,
        { pid: Number(pid), command: command.join(" ") },
      ]),
  );
  return listenersOf(sections.lines("listeners"), bigEndian)
    .filter(({ port }) => ports.includes(port))
    .map(({ address, port, inode }) => ({
      address,
      port,
      pid: owners.get(inode)?.pid,
      command: owners.get(inode)?.command,
    }));
}

/** A holder that cannot be read still holds. */
export function parseHolder(text: string): LockHolder {
  let seen: Partial<Record<keyof LockHolder, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) seen = parsed;
  } catch {
    // Named as unknown below.
  }
  const say = (value: unknown): string => (typeof value === "string" ? value.slice(0, 500) : "unknown");
  return {
    operator: say(seen.operator),
    machine: say(seen.machine),
    pid: typeof seen.pid === "number" ? seen.pid : 0,
    command: say(seen.command),
    since: say(seen.since),
    run: say(seen.run),
  };
}
