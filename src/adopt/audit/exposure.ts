/** Who can get in, and how long the certificates still do. */
import { isIP } from "node:net";
import { isLoopback } from "../../spec/address.js";
import { missingNames, missingUsages } from "../../pki/judge.js";
import { validityOf } from "../../pki/pem.js";
import { daysLeft, shareLeft } from "../../pki/validity.js";
import { valueOf, type Live } from "../found.js";
import { anchorPathOf, keyPathOf, leafOf, leafPathOf, type Role } from "../leaves.js";
import { entryOf } from "../roster.js";
import { urlsIn } from "../urls.js";
import { grouped, where, type Finding, type Inspected, type Judge } from "./finding.js";

const roles: readonly Role[] = ["client", "peer"];
const wordOf = { client: "clients", peer: "peers" } as const;

export const exposure: Judge = (seen) => (seen.spec.tls === undefined ? plaintext(seen) : secured(seen));

const plaintext = ({ members }: Inspected): Finding[] => [
  {
    rule: "plaintext",
    severity: "danger",
    members: [],
    says: `whoever reaches one of the ${members.length} members can read and write everything, and join the cluster`,
    next: "turn TLS on: remove `tls: off` from the file when that may happen",
  },
];

const secured = ({ members, spec, now }: Inspected): Finding[] => [
  ...where(members, ({ flags }) => plainOnes(flags).length > 0, {
    rule: "plain-listener",
    severity: "risk",
    says: "listens without TLS as well, on loopback: whoever has a shell on the host can do everything; the first change ends that, so move its users to https",
  }),
  ...roles.flatMap((role) =>
    where(members, (member) => leafPathOf(member, role) !== undefined && !asksForCertificates(member, role), {
      rule: `no-certificate-asked-of-${wordOf[role]}`,
      severity: "danger",
      says: `asks ${wordOf[role]} for no certificate; the first change asks for one, and locks out whoever has none`,
      next: `give every one of the ${wordOf[role]} a certificate before the first change`,
    }),
  ),
  ...(spec.tls?.anyPeer === true
    ? [
        {
          rule: "peers-by-any-name",
          severity: "note" as const,
          members: [],
          says: "a client's certificate opens the peer port too, as it does now",
          next: "when every member has quorate's certificates, remove `tls.peers` from the file",
        },
      ]
    : []),
  ...shared(members, spec.tls?.given !== undefined),
  ...roles.flatMap((role) => [
    ...where(members, (member) => isReadable(member, role), {
      rule: `${role}-key-open`,
      severity: "danger",
      says: `everybody on the host can read the key that ${wordOf[role]} trust`,
      next: "chmod 0600 it; etcd's user must own it",
    }),
    ...grouped(members, (member) => leafFindings(member, role, now)),
  ]),
];

const plainOnes = (flags: Live["flags"]) =>
  urlsIn(valueOf(flags, "listen-client-urls")).filter(({ scheme, host }) => scheme === "http" && isLoopback(host));

/** A CA to trust is enough: etcd then demands and verifies (client/pkg/transport ServerConfig). */
const asksForCertificates = (member: Live, role: Role): boolean =>
  anchorPathOf(member, role) !== undefined ||
  valueOf(member.flags, role === "client" ? "client-cert-auth" : "peer-client-cert-auth") === "true";

function shared(members: readonly Live[], stays: boolean): Finding[] {
  const prints = members.map((member) => leafOf(member, "client")?.fingerprint256);
  if (members.length < 2 || prints[0] === undefined || new Set(prints).size > 1) return [];
  return [
    {
      rule: "shared-certificate",
      severity: "risk",
      members: [],
      says: "all members have the same certificate and key: what leaks from one host opens all",
      next: stays
        ? "give the CA's key and remove `tls.certificates` from the file when the cluster may be restarted, member by member"
        : "the first change gives every member its own",
    },
  ];
}

function isReadable(member: Live, role: Role): boolean {
  const path = keyPathOf(member, role);
  const stat = path === undefined ? undefined : member.stats[path];
  return stat !== undefined && stat.kind === "file" && (Number.parseInt(stat.mode, 8) & 0o007) !== 0;
}

function leafFindings(member: Live, role: Role, now: number): Omit<Finding, "members">[] {
  const leaf = leafOf(member, role);
  if (leaf === undefined) return [];
  const findings: Omit<Finding, "members">[] = [];
  const { notBefore, notAfter } = validityOf(leaf);
  const days = daysLeft(notAfter, now);
  const renew = "renew it: etcd reads certificates anew at each handshake, so no restart is needed";
  if (days < 0)
    findings.push({
      rule: "expired",
      severity: "danger",
      says: `the certificate for ${wordOf[role]} has expired`,
      next: renew,
    });
  else if (days < 30 || shareLeft({ notBefore, notAfter }, now) < 0.1)
    findings.push({
      rule: "expires-soon",
      severity: "danger",
      says: `the certificate for ${wordOf[role]} ends in ${days} days`,
      next: renew,
    });
  const usages = missingUsages(leaf, ["serverAuth", "clientAuth"]);
  if (usages.length > 0)
    findings.push({
      rule: "usage-missing",
      severity: role === "peer" ? "danger" : "risk",
      says: `the certificate for ${wordOf[role]} lacks the extended key usage ${usages.join(" and ")}`,
      next: "give the CA's key with --ca-key, so that the first change brings certificates that have it",
    });
  const dialled = urlsIn((role === "client" ? entryOf(member).clientUrls : entryOf(member).peerUrls).join(",")).map(
    ({ host }) => host,
  );
  const missing = missingNames(
    leaf,
    dialled.filter((host) => isIP(host) !== 0 || !isLoopback(host)),
  );
  if (missing.length > 0)
    findings.push({
      rule: "name-missing",
      severity: "risk",
      says: `the certificate for ${wordOf[role]} does not cover ${missing.join(", ")}`,
    });
  return findings;
}
