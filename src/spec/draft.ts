/** A cluster file before it is text. */
import type { AuthSpec } from "./auth-spec.js";
import { formatDays } from "./quantities.js";
import type { ClusterFile } from "./shape/schema.js";
import type { Endpoint, HostSpec, MemberSpec, PathsSpec, Spec, TlsSpec } from "./spec.js";

/** The file's own shape: every value as text, as it will stand in the file. */
export type Draft = ClusterFile;
export type DraftMember = Extract<Draft["members"], readonly unknown[]>[number];
export type DraftTls = Exclude<NonNullable<Draft["tls"]>, "off">;

/** The file that says everything of a spec, with no default left out. Reading it gives the spec again. */
export function draftOf(spec: Spec): Draft {
  const local = spec.service.kind === "process";
  const count = spec.members.length;
  return {
    name: spec.name,
    etcd: {
      ...defined({ version: spec.etcd.version }),
      token: spec.token,
      settings: { ...spec.etcd.settings },
      ...(spec.etcd.accept.length > 0 && { accept: [...spec.etcd.accept] }),
    },
    hosts: local ? "local" : "ssh",
    members: spec.members.map(memberOf),
    ...(count % 2 === 0 ? { "allow-even": "true" } : {}),
    ...(count === 1 ? { "allow-single": "true" } : {}),
    tls: spec.tls === undefined ? "off" : tlsOf(spec.tls),
    ...(spec.auth !== undefined && { auth: authOf(spec.auth) }),
    service: serviceOf(spec),
    release: {
      sources: [...spec.release.sources],
      mirror: spec.release.mirror,
      suites: [...spec.release.suites],
      ...defined({ from: spec.release.given }),
    },
    consumers: {
      "flannel-prefix": spec.consumers.flannelPrefix,
      "cluster-cidr": spec.consumers.clusterCidr,
      "service-cidr": spec.consumers.serviceCidr,
    },
    state: spec.stateDir,
  };
}

function memberOf({ name, address, client, peer, host, paths }: MemberSpec): DraftMember {
  return { name, address, client: endpointOf(client), peer: endpointOf(peer), ...sshOf(host), paths: pathsOf(paths) };
}

const endpointOf = ({ address, port, listen }: Endpoint): NonNullable<DraftMember["client"]> => ({
  address,
  port: String(port),
  listen: [...listen],
});

function sshOf(host: HostSpec): Pick<DraftMember, "ssh"> {
  if (host.kind === "local") return {};
  const { host: name, user, port, identity, jump, become, ports } = host;
  return {
    ssh: {
      host: name,
      become,
      ...(ports !== (jump === undefined ? "direct" : "tunnel") && { ports }),
      ...defined({ user, identity, jump, port: port === undefined ? undefined : String(port) }),
    },
  };
}

const pathsOf = ({ wal, ...rest }: PathsSpec): NonNullable<DraftMember["paths"]> => ({ ...rest, ...defined({ wal }) });

function serviceOf({ service }: Spec): NonNullable<Draft["service"]> {
  const memory = service.memoryMax === undefined ? {} : { "memory-max": String(service.memoryMax) };
  const shared = { "open-files": String(service.openFiles), ...memory };
  return service.kind === "process"
    ? shared
    : { unit: service.unit, user: service.user, group: service.group, ...shared };
}

function authOf({ enabled, exclusive, roles, users }: AuthSpec): NonNullable<Draft["auth"]> {
  const { root: _everything, ...own } = roles;
  return {
    enabled: String(enabled),
    exclusive: String(exclusive),
    roles: Object.fromEntries(Object.entries(own).map(([name, grants]) => [name, [...grants]])),
    users: Object.fromEntries(
      Object.entries(users).map(([name, user]) => [name, { roles: [...user.roles], ...wayInOf(user) }]),
    ),
  };
}

function wayInOf({ password }: AuthSpec["users"][string]): NonNullable<NonNullable<Draft["auth"]>["users"]>[string] {
  if (password === undefined) return { certificate: "true" };
  if (password.kind === "prompt") return { password: "prompt" };
  return { password: password.kind === "env" ? { env: password.name } : { file: password.path } };
}

function tlsOf(tls: TlsSpec): DraftTls {
  const ca = tls.ca.kind === "given" ? { ca: { cert: tls.ca.cert, ...defined({ key: tls.ca.key }) } } : {};
  return {
    algorithm: tls.algorithm,
    subject: { ...tls.subject },
    sans: [...tls.sans],
    validity: { ca: formatDays(tls.caDays), leaf: formatDays(tls.leafDays) },
    "renew-at": String(tls.renewAt),
    ...ca,
    ...(tls.given === undefined
      ? {}
      : { certificates: Object.fromEntries(Object.entries(tls.given).map(([name, pair]) => [name, { ...pair }])) }),
    ...(tls.givenClient === undefined ? {} : { client: { ...tls.givenClient } }),
    keys: tls.keysOn,
    ...(tls.anyPeer === true ? { peers: "any" } : {}),
    ...(tls.peerName === undefined ? {} : { "peer-name": tls.peerName }),
    ...(tls.revocation === undefined ? {} : { revocation: String(tls.revocation) }),
  };
}

/** Without the keys that are undefined. */
function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
