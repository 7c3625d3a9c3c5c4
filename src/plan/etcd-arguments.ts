/** spec → the etcd command line of one member, and the settings of its first start. */
import { join } from "node:path";
import { peerNameOf } from "../pki/names.js";
import { releasePath, trustPaths, walPath } from "../observe/question.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { effectiveSettings } from "./etcd-settings.js";

export function etcdArguments(spec: Spec, member: MemberSpec, version: string): string[] {
  const wal = walPath(member);
  const flags: [string, string][] = [
    ["name", member.name],
    ["data-dir", member.paths.data],
    ...(wal === undefined ? [] : [["wal-dir", wal] satisfies [string, string]]),
    ["listen-client-urls", member.client.listen.join(",")],
    ["advertise-client-urls", member.client.url],
    ["listen-peer-urls", member.peer.listen.join(",")],
    ...tlsFlags(spec, member),
    ...effectiveSettings(version, spec.etcd.settings),
  ];
  return [join(releasePath(member, version), "etcd"), ...flags.map(([name, value]) => `--${name}=${value}`)];
}

/**
 * Client certificates are demanded on both listeners. The peers' shared common name keeps a client's certificate of the
 * same CA off the peer port; given leaves may have any name, so there it is left out, and where the file says so.
 */
function tlsFlags(spec: Spec, member: MemberSpec): [string, string][] {
  if (spec.tls === undefined) return [];
  const { live, list } = trustPaths(spec, member);
  const at = (name: string): string => join(live, name);
  return [
    ["cert-file", at("server.pem")],
    ["key-file", at("server-key.pem")],
    ["trusted-ca-file", at("ca.pem")],
    ["client-cert-auth", "true"],
    ["peer-cert-file", at("peer.pem")],
    ["peer-key-file", at("peer-key.pem")],
    ["peer-trusted-ca-file", at("ca.pem")],
    ["peer-client-cert-auth", "true"],
    ...(spec.tls.given === undefined && spec.tls.anyPeer !== true
      ? [["peer-cert-allowed-cn", peerNameOf(spec)] satisfies [string, string]]
      : []),
    ...(spec.tls.revokes === true
      ? ([
          ["client-crl-file", list],
          ["peer-crl-file", list],
        ] satisfies [string, string][])
      : []),
  ];
}
