import { dirname } from "node:path";
import type { Reachable } from "../../host/host.js";
import type { MemberSpec, Spec } from "../../spec/spec.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";

const supportedArchs = ["amd64", "arm64", "ppc64le", "s390x"];
/** Type=notify with RestartMode and the hardening directives all exist from here on. */
const oldestSystemd = 240;
/** Two binaries generations and room for a first database, in bytes. */
const binariesRoom = 300 * 2 ** 20;
const dataRoom = 512 * 2 ** 20;
const littleMemory = 512 * 2 ** 20;
/** Certificates are back-dated by less than this, and leases and logs become hard to read beyond it. */
const clockTolerance = 3_000;

/** Machines that cannot, or should not, carry a member. */
export const machineHazards: Judge = ({ spec, seen, facts }) => {
  const problems = spec.members.flatMap((member) => {
    const host = seen.hosts[member.name];
    // A running member has proved its machine; it is not judged again.
    if (host?.reach !== "reachable" || facts.members[member.name]?.process === "up") return [];
    return judgeMachine(spec, member, host);
  });
  return [...problems, ...sameMachine(spec, seen.hosts), ...clocks(spec, seen.hosts)];
};

function judgeMachine(spec: Spec, member: MemberSpec, host: Reachable): Problem[] {
  const problems: Problem[] = [];
  const say = (code: Problem["code"], message: string, severity: Problem["severity"] = "refuse"): void => {
    problems.push({ code, member: member.name, message, severity });
  };
  if (!supportedArchs.includes(host.arch)) say("E_ARCH", `${member.name} is a ${host.arch} machine`);
  if (spec.service.kind === "systemd") {
    if (!host.root) say("E_NOT_ROOT", `commands on ${member.name} do not run as root`);
    if (host.systemd === undefined) say("E_NO_SYSTEMD", `PID 1 of ${member.name} is not systemd`);
    else if (host.systemd < oldestSystemd)
      say("E_NO_SYSTEMD", `${member.name} has systemd ${host.systemd}, older than ${oldestSystemd}`);
  }
  if (spec.tls?.keysOn === "host" && !host.openssl) say("E_NO_OPENSSL", `${member.name} has no openssl`);
  if (host.memoryTotal < littleMemory)
    say("E_MEMORY", `${member.name} has ${Math.round(host.memoryTotal / 2 ** 20)} MiB of memory`, "warn");
  for (const [path, room, runs] of places(member)) {
    const disk = host.disks[path];
    if (disk === undefined) continue;
    if (disk.readOnly) say("E_READ_ONLY", `the disk of ${path} on ${member.name} is read-only`);
    else if (disk.freeBytes < room)
      say(
        "E_NO_SPACE",
        `${path} on ${member.name} has ${Math.round(disk.freeBytes / 2 ** 20)} MiB free; ${room / 2 ** 20} MiB are needed`,
      );
    if (runs && disk.noExec) say("E_NOEXEC", `the disk of ${path} on ${member.name} is mounted noexec`);
  }
  return problems;
}

/** Path, bytes needed, whether programs run from there. */
const places = ({ paths }: MemberSpec): [string, number, boolean][] => [
  [paths.data, dataRoom, false],
  ...(paths.wal === undefined ? [] : [[paths.wal, dataRoom, false] satisfies [string, number, boolean]]),
  [paths.binaries, binariesRoom, true],
  [dirname(paths.unit), 2 ** 20, false],
];

function sameMachine(spec: Spec, hosts: Readonly<Record<string, { reach: string }>>): Problem[] {
  if (spec.service.kind === "process") return [];
  const seenBefore = new Map<string, string>();
  return spec.members.flatMap(({ name }): Problem[] => {
    const host = hosts[name] as Reachable | undefined;
    if (host?.reach !== "reachable" || host.machineId === "") return [];
    const other = seenBefore.get(host.machineId);
    seenBefore.set(host.machineId, name);
    if (other === undefined) return [];
    return [
      {
        code: "E_SAME_MACHINE",
        member: name,
        message: `${other} and ${name} are the same machine (machine-id ${host.machineId})`,
        severity: "refuse",
      },
    ];
  });
}

function clocks(spec: Spec, hosts: Readonly<Record<string, { reach: string }>>): Problem[] {
  const skews = spec.members.flatMap(({ name }) => {
    const host = hosts[name] as Reachable | undefined;
    return host?.reach === "reachable" ? [{ name, skew: host.clockSkew }] : [];
  });
  return skews
    .filter(({ skew }) => Math.abs(skew) > clockTolerance)
    .map(({ name, skew }): Problem => {
      const message = `the clock of ${name} is ${Math.abs(skew / 1000).toFixed(1)} s ${skew > 0 ? "ahead of" : "behind"} this machine's`;
      return { code: "E_CLOCK_SKEW", member: name, message, severity: "refuse" };
    });
}
