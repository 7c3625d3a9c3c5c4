/** spec → what to look at on one host. */
import { join } from "node:path";
import type { HostQuestion } from "../host/host.js";
import type { MemberSpec, Spec } from "../spec/spec.js";

/** A folder of the cluster's own, since the folder of certificates may be shared, as /etc/kubernetes/ssl is. */
export const trustRoot = (spec: Spec, member: MemberSpec): string => join(member.paths.certificates, spec.name);

/** The certificate files of the set in use. Keys are only digested; their content stays on the host. */
export function trustPaths(
  spec: Spec,
  member: MemberSpec,
): { live: string; texts: Record<"ca" | "server" | "peer", string>; keys: string[]; list: string } {
  const live = join(trustRoot(spec, member), "live");
  return {
    live,
    texts: { ca: join(live, "ca.pem"), server: join(live, "server.pem"), peer: join(live, "peer.pem") },
    keys: [join(live, "server-key.pem"), join(live, "peer-key.pem")],
    // Beside the sets, since it is the same for all of them.
    list: join(trustRoot(spec, member), "revoked.crl"),
  };
}

export const releasePath = (member: MemberSpec, version: string): string =>
  join(member.paths.binaries, `etcd-v${version}`);

/** --wal-dir. etcd makes it by renaming a folder beside it, so it must not exist yet and its parent must be the service's own. */
export const walPath = ({ paths }: MemberSpec): string | undefined =>
  paths.wal === undefined ? undefined : join(paths.wal, "wal");

export const bootstrapPath = (member: MemberSpec): string => join(member.paths.state, "bootstrap.env");

export function questionFor(spec: Spec, member: MemberSpec, versions: readonly string[]): HostQuestion {
  const { paths } = member;
  const trust = trustPaths(spec, member);
  return {
    service: { kind: spec.service.kind, unit: spec.service.unit, unitPath: paths.unit },
    user: spec.service.user,
    texts: spec.tls === undefined ? [paths.unit] : [paths.unit, ...Object.values(trust.texts)],
    stats: [
      paths.data,
      ...(paths.wal === undefined ? [] : [paths.wal]),
      paths.binaries,
      paths.state,
      ...(spec.tls === undefined ? [] : [trustRoot(spec, member), trust.live, ...trust.keys]),
    ],
    digests: spec.tls === undefined ? [] : [...trust.keys, trust.list],
    releases: versions.map((version) => releasePath(member, version)),
    data: paths.data,
    wal: walPath(member),
    state: paths.state,
    ports: [...new Set([member.client.port, member.peer.port])],
  };
}
