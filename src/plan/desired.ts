/** spec → the exact files and facts of one host. */
import { dirname, join } from "node:path";
import { renderRunScript } from "../host/run-script.js";
import { renderUnit } from "../host/unit.js";
import { bootstrapPath, trustRoot } from "../observe/question.js";
import { joinRoots } from "../observe/roots.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { digestOf } from "./digest.js";
import { formingText } from "./bootstrap.js";
import { etcdArguments } from "./etcd-arguments.js";

export interface Directory extends Owner {
  readonly path: string;
  /** Four octal digits. */
  readonly mode: string;
}

export interface Owner {
  readonly owner: string;
  readonly group: string;
}

export interface Desired {
  readonly directories: readonly Directory[];
  readonly unit: { readonly path: string; readonly mode: string; readonly text: string };
  /** Digest of everything that a running process was started with. */
  readonly config: string;
  readonly bootstrap: { readonly path: string; readonly text: string };
  /** Who owns what quorate keeps on the host. */
  readonly keeper: Owner;
}

/** Behind the digest of a configuration with which clients are served with TLS and without. */
export const servesBothWays = "+http";

/** Who owns what quorate keeps on a host. */
export function keeperOf({ service }: Spec): Owner {
  return service.kind === "systemd" ? { owner: "root", group: "root" } : { owner: service.user, group: service.group };
}

/** A rule asks for the same again and again, and a spec never changes. */
const known = new WeakMap<Spec, WeakMap<MemberSpec, Map<string, Desired>>>();

export function desiredOf(spec: Spec, member: MemberSpec, version: string, arch: string): Desired {
  const ofSpec = known.get(spec) ?? new WeakMap<MemberSpec, Map<string, Desired>>();
  const ofMember = ofSpec.get(member) ?? new Map<string, Desired>();
  const key = `${version} ${arch}`;
  const desired = ofMember.get(key) ?? makeDesired(spec, member, version, arch);
  known.set(spec, ofSpec.set(member, ofMember.set(key, desired)));
  return desired;
}

function makeDesired(spec: Spec, member: MemberSpec, version: string, arch: string): Desired {
  const { service } = spec;
  const { paths } = member;
  const own = { owner: service.user, group: service.group };
  const keeper = keeperOf(spec);
  const argv = etcdArguments(spec, member, version);
  const environment = unsupportedArch(version, arch);
  const settings = digestOf(
    JSON.stringify({ argv, environment, user: own, files: service.openFiles, memory: service.memoryMax }),
  );
  const phase = spec.tls?.phase;
  const both = spec.tls !== undefined && member.client.listen.some((url) => url.startsWith("http://"));
  const way = both ? `${settings}${servesBothWays}` : settings;
  const config = phase?.noted === true ? `${way}.${joinRoots(phase.roots)}` : way;
  const text = serviceText(spec, member, argv, { ...environment, QUORATE_CONFIG: config });
  return {
    directories: [
      { path: paths.state, mode: "0755", ...keeper },
      { path: paths.binaries, mode: "0755", ...keeper },
      ...(spec.tls === undefined ? [] : [{ path: trustRoot(spec, member), mode: "0755", ...keeper }]),
      { path: paths.data, mode: "0700", ...own },
      ...(paths.wal === undefined ? [] : [{ path: paths.wal, mode: "0700", ...own }]),
    ],
    unit: { path: paths.unit, mode: service.kind === "systemd" ? "0644" : "0755", text },
    config,
    bootstrap: { path: bootstrapPath(member), text: formingText(spec, member) },
    keeper,
  };
}

function serviceText(
  spec: Spec,
  member: MemberSpec,
  argv: readonly string[],
  environment: Record<string, string>,
): string {
  const { service } = spec;
  const { paths } = member;
  if (service.kind === "process") {
    return renderRunScript({
      execStart: argv,
      environment,
      environmentFile: bootstrapPath(member),
      workingDirectory: dirname(paths.data),
    });
  }
  return renderUnit({
    description: `etcd member ${member.name} of ${spec.name}`,
    user: service.user,
    group: service.group,
    execStart: argv,
    environment,
    environmentFile: bootstrapPath(member),
    workingDirectory: paths.data,
    readWritePaths: [paths.data, ...(paths.wal === undefined ? [] : [paths.wal])],
    openFiles: service.openFiles,
    memoryMax: service.memoryMax,
  });
}

/** 3.4 knows only amd64 and ppc64le (server/etcdmain/etcd.go checkSupportArch) and refuses to start elsewhere unless told. */
function unsupportedArch(version: string, arch: string): Record<string, string> {
  return version.startsWith("3.4.") && arch !== "amd64" && arch !== "ppc64le" && arch !== ""
    ? { ETCD_UNSUPPORTED_ARCH: arch }
    : {};
}

export const currentLink = (member: MemberSpec): string => join(member.paths.binaries, "current");
