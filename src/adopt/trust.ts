/** How the cluster's trust stands in the file: what was found on the hosts beside what the operator has. Pure. */
import type { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { DraftTls } from "../spec/draft.js";
import { commonNameOf } from "../pki/pem.js";
import { nameOf, valueOf, type Found } from "./found.js";
import { anchorPathOf, anchorsOf, fingerprints, leafOf, leafPathOf, type Role } from "./leaves.js";
import { urlsIn } from "./urls.js";

/** Files on the operator's machine, by the paths that the cluster file will name. */
export interface OwnTrust {
  readonly ca: { readonly path: string; readonly certificates: readonly X509Certificate[] };
  readonly caKey: string | undefined;
  readonly client: { readonly cert: string; readonly key: string; readonly leaf: X509Certificate } | undefined;
}

const roles: readonly Role[] = ["client", "peer"];

/**
 * @param own undefined: the operator named no CA
 * @throws QuorateError E_ADOPT_LAYOUT, E_ADOPT_TRUST
 */
export function trustOf(members: readonly Found[], own: OwnTrust | undefined): DraftTls | "off" {
  const scheme = schemeOf(members);
  if (scheme === "http") return "off";
  for (const member of members) refuseOwnMade(member);
  if (own === undefined) throw trustNeeded(members.map(({ target }) => target.host).join(", "));
  for (const member of members) for (const role of roles) demandSameCa(member, role, own);
  const ca = { cert: own.ca.path, ...(own.caKey !== undefined && { key: own.caKey }) };
  const { client } = own;
  const pair = client === undefined ? undefined : { cert: client.cert, key: client.key };
  const only = soleName(members);
  const named = only === undefined ? {} : { "peer-name": only };
  if (pair !== undefined && client !== undefined && isShared(members, client.leaf))
    return { ca, certificates: pair, ...named };
  // The first member that is taken over must still let the others in, whose certificates have names of their own.
  if (own.caKey !== undefined)
    return { ca, ...(pair !== undefined && { client: pair }), ...named, ...(only === undefined && { peers: "any" }) };
  throw new QuorateError(
    "E_ADOPT_TRUST",
    "the members have certificates of their own, and only their hosts have the keys",
    {
      expected: "--ca-key FILE, the key of the CA that signed them",
      found: pair === undefined ? "no certificate and no CA key" : "a client's certificate and no CA key",
      next: "give the CA's key, so that certificates can be renewed when they are due; it is read on this machine only",
    },
  );
}

/**
 * Members that let nobody in but peers of one common name would shut out the first that comes with another.
 * @throws QuorateError E_ADOPT_TRUST when they do not let in the same
 */
function soleName(members: readonly Found[]): string | undefined {
  const hostname = members.find(({ flags }) => valueOf(flags, "peer-cert-allowed-hostname") !== undefined);
  const names = [...new Set(members.map(({ flags }) => valueOf(flags, "peer-cert-allowed-cn")))];
  if (hostname === undefined && names.length === 1 && names[0]?.includes(",") !== true) return names[0];
  throw new QuorateError("E_ADOPT_TRUST", "members let in peers by names that quorate cannot keep to", {
    expected: "peer-cert-allowed-cn with one name, the same for all members, or none",
    found: hostname === undefined ? names.map((name) => name ?? "none").join("; ") : "peer-cert-allowed-hostname",
    next: "set the same name for all members first, or none",
  });
}

export const trustNeeded = (where: string): QuorateError =>
  new QuorateError("E_ADOPT_TRUST", "the cluster speaks TLS, and quorate was given no CA to know its members by", {
    where,
    expected: "--cacert FILE, and --cert FILE --key FILE or --ca-key FILE",
    next: "name the files that etcdctl is used with, or export ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY",
  });

/** The tutorial's one pair for everybody: every listener of every member shows this leaf. */
const isShared = (members: readonly Found[], leaf: X509Certificate): boolean =>
  members.every((member) => roles.every((role) => leafOf(member, role)?.fingerprint256 === leaf.fingerprint256));

/** A plain listener on loopback beside one with TLS is told elsewhere. @throws QuorateError E_ADOPT_LAYOUT */
function schemeOf(members: readonly Found[]): string {
  const said = members.map((member) => {
    const urls = ["advertise-client-urls", "initial-advertise-peer-urls"].flatMap((name) =>
      urlsIn(valueOf(member.flags, name)),
    );
    return { member, schemes: [...new Set(urls.map(({ scheme }) => scheme))] };
  });
  const schemes = new Set(said.flatMap((each) => each.schemes));
  const [scheme = "http", other] = schemes;
  if (other === undefined) return scheme;
  throw new QuorateError("E_ADOPT_LAYOUT", "some of the cluster's URLs are https and some are http", {
    found: said.map(({ member, schemes: own }) => `${nameOf(member)}: ${own.join(" and ")}`).join(", "),
    expected: "one or the other for clients and for peers of all members",
    next: "turn TLS on for all of them first, as etcd's own guide to TLS says",
  });
}

function refuseOwnMade({ flags, target }: Found): void {
  const flag = ["auto-tls", "peer-auto-tls"].find((name) => valueOf(flags, name) === "true");
  if (flag === undefined) return;
  throw new QuorateError(
    "E_ADOPT_LAYOUT",
    `etcd makes its certificates itself there (--${flag}): nobody can prove who they are`,
    {
      where: target.host,
      next: "give the members certificates of a CA first",
    },
  );
}

function demandSameCa(member: Found, role: Role, { ca }: OwnTrust): void {
  const path = anchorPathOf(member, role);
  const trusted = anchorsOf(member, role);
  const [leaf] = [leafOf(member, role)];
  if (path === undefined || trusted.length === 0) {
    if (leaf !== undefined && ca.certificates.some((one) => leaf.checkIssued(one))) return;
    if (path === undefined && leaf === undefined) return;
    throw new QuorateError(
      "E_ADOPT_TRUST",
      `${path ?? leafPathOf(member, role) ?? "the certificate"} could not be read on the host, or leads to another CA`,
      {
        where: member.target.host,
        expected: `a certificate that ${ca.path} has signed`,
      },
    );
  }
  if (fingerprints(trusted) === fingerprints(ca.certificates)) return;
  throw new QuorateError(
    "E_ADOPT_TRUST",
    `${nameOf(member)} trusts another CA for ${role === "client" ? "clients" : "peers"} than the one given`,
    {
      where: member.target.host,
      expected: `${ca.path}: ${ca.certificates.map(named).join(", ")}`,
      found: `${path}: ${trusted.map(named).join(", ")}`,
      next: "give the file that the members have; a CA for clients and another for peers cannot be described",
    },
  );
}

const named = (certificate: X509Certificate): string =>
  `${commonNameOf(certificate)} (${certificate.fingerprint256.slice(0, 11)}…)`;
