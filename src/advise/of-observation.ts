/** What quorate sees of its own cluster → what advice is given on. Pure. */
import { flagsInForce, type Flags } from "../adopt/flags.js";
import type { HostObservation, Reachable } from "../host/host.js";
import type { EndpointObservation, Observation } from "../observe/observation.js";
import { trustPaths } from "../observe/question.js";
import { desiredOf } from "../plan/desired.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import type { AdvisedCluster, AdvisedFile, AdvisedMember, AdvisedUnit } from "./input.js";

const day = 86_400_000;

/**
 * @param seen hosts that were asked for the program `etcd` tell what their members really run with
 * @param configurationOf etcd's own configuration file on a member's host, where it runs with one and that was read
 */
export function advisedCluster(
  spec: Spec,
  seen: Observation,
  configurationOf: (member: string, path: string) => Flags | undefined = () => undefined,
): AdvisedCluster {
  const furthest = Object.values(seen.etcd)
    .filter((endpoint) => endpoint.state === "serving")
    .reduce<(EndpointObservation & { state: "serving" }) | undefined>(
      (best, one) => (best === undefined || one.status.raftIndex > best.status.raftIndex ? one : best),
      undefined,
    );
  return {
    now: seen.at,
    members: spec.members.map((member) => ({
      name: member.name,
      ...apiPart(seen.etcd[member.name]),
      ...hostPart(spec, member, seen.hosts[member.name], seen.etcd[member.name], configurationOf),
      trust: trustPart(seen, member.name),
    })),
    listed: furthest?.listing?.members.map(({ id, name, isLearner, clientUrls }) => ({
      ...{ id, name, isLearner },
      started: clientUrls.length > 0,
    })),
  };
}

function apiPart(
  endpoint: EndpointObservation | undefined,
): Pick<AdvisedMember, "api" | "silence" | "status" | "alarms"> {
  if (endpoint?.state === "serving") {
    const { status, alarms } = endpoint;
    const own = alarms.filter(({ memberId }) => memberId === status.memberId || memberId === "0");
    return { api: "serving", status, alarms: own.map(({ kind }) => kind) };
  }
  if (endpoint?.state === "silent") return { api: "silent", silence: endpoint.why, alarms: [] };
  return { api: "unknown", alarms: [], ...(endpoint?.state === "denied" && { silence: endpoint.why }) };
}

function hostPart(
  spec: Spec,
  member: MemberSpec,
  host: HostObservation | undefined,
  endpoint: EndpointObservation | undefined,
  configurationOf: (member: string, path: string) => Flags | undefined,
): Pick<AdvisedMember, "files" | "hostAway" | "machineId" | "arch" | "clockSkew" | "unit" | "settings" | "asAsked"> {
  if (host === undefined) return { files: [] };
  if (host.reach === "unreachable") return { files: [], hostAway: host.error.message };
  const process = host.processes?.find(({ pid }) => pid === host.service.pid);
  const flags =
    process && flagsInForce(process.arguments, process.environment, (path) => configurationOf(member.name, path));
  const version = endpoint?.state === "serving" ? endpoint.status.version : undefined;
  const { config } = host.service;
  return {
    ...{ machineId: host.machineId, arch: host.arch, clockSkew: host.clockSkew },
    unit: unitPart(spec, host),
    files: filesOf(spec, member, host),
    settings: flags && Object.fromEntries(Object.entries(flags).map(([name, { value }]) => [name, value])),
    asAsked:
      version === undefined || config === undefined
        ? undefined
        : config === desiredOf(spec, member, version, host.arch).config,
  };
}

function unitPart(spec: Spec, { service, units }: Reachable): AdvisedUnit | undefined {
  if (!service.installed) return undefined;
  const { enabled, restarts, needsReload } = service;
  const unit = units?.[spec.service.unit];
  return {
    ...{ kind: spec.service.kind, enabled, restarts, needsReload },
    ...(unit !== undefined &&
      spec.service.kind === "systemd" && {
        ...{ restart: unit.restart, type: unit.type, openFiles: unit.openFiles },
        user: unit.user === "" ? "root" : unit.user,
      }),
  };
}

function filesOf(spec: Spec, member: MemberSpec, { stats }: Reachable): AdvisedFile[] {
  const keys = spec.tls === undefined ? [] : trustPaths(spec, member).keys;
  const asked = [
    { what: "data folder" as const, path: member.paths.data },
    ...keys.map((path) => ({ what: "private key" as const, path })),
  ];
  return asked.flatMap(({ what, path }) => {
    const stat = stats[path];
    return stat === undefined || stat.kind === "link" ? [] : [{ what, path, mode: stat.mode }];
  });
}

function trustPart(seen: Observation, member: string): AdvisedMember["trust"] {
  const verdict = seen.trust[member];
  if (verdict === undefined) return undefined;
  const { state, reasons, notAfter } = verdict;
  return {
    ...{ state, reasons },
    daysLeft: notAfter === undefined ? undefined : Math.floor((Date.parse(notAfter) - seen.at) / day),
  };
}
