/** What matters about a foreign cluster because it is to be taken over, besides what matters about any. */
import type { Advice } from "../../advise/advice.js";
import { isLoopback } from "../../spec/address.js";
import type { Spec } from "../../spec/spec.js";
import { nameOf, valueOf, type Live } from "../found.js";
import { leafOf } from "../leaves.js";
import { isIgnored } from "../settings.js";
import { urlsIn } from "../urls.js";
import { pending } from "./pending.js";

type Said = Omit<Advice, "member">;

export function handover(members: readonly Live[], spec: Spec): Advice[] {
  return [
    ...each(members, pending),
    ...each(members, dropIns),
    ...each(members, unsetVariables),
    ...each(members, ignoredVariables),
    ...(spec.tls === undefined ? [] : [...each(members, plainListener), ...sharedCertificate(members, spec)]),
    ...(spec.tls?.anyPeer === true ? [peersByAnyName] : []),
    ...(spec.token === "etcd-cluster" ? [defaultToken] : []),
  ];
}

const each = (members: readonly Live[], speaks: (member: Live) => readonly Said[]): Advice[] =>
  members.flatMap((member) => speaks(member).map((said) => ({ ...said, member: nameOf(member) })));

function dropIns({ keeper }: Live): Said[] {
  const paths = keeper.kind === "unit" ? keeper.fact.dropIns : [];
  if (paths.length === 0) return [];
  return [
    {
      ...{ id: "drop-ins", severity: "warn", what: `its unit has drop-ins: ${paths.join(", ")}` },
      why: "systemd would apply them to quorate's unit too, so the first change is refused while they are there",
      ...{ do: "move them away before the first change", source: "systemd.unit(5)" },
    },
  ];
}

const unsetVariables = ({ unset }: Live): Said[] =>
  unset.map((name) => ({
    ...{ id: "variable-unset", severity: "warn", what: `its unit names $${name}, and nothing sets it` },
    why: "systemd puts nothing in its place, and etcd takes a default",
    ...{ do: "see that its environment file is there", source: "systemd.service(5)" },
  }));

const ignoredVariables = ({ flags, status }: Live): Said[] =>
  Object.entries(flags)
    .filter(([name, { source }]) => source === "environment" && isIgnored(name, status.version))
    .map(([name]) => ({
      ...{ id: "variable-ignored", severity: "warn", what: `its environment says ${name}` },
      why: `etcd ${status.version} does not know it and passes over it without a word, so it is not in the file`,
      ...{ do: "see what took its place, and take the variable away", source: "etcd CHANGELOG" },
    }));

function plainListener({ flags }: Live): Said[] {
  const open = urlsIn(valueOf(flags, "listen-client-urls")).filter(
    ({ scheme, host }) => scheme === "http" && isLoopback(host),
  );
  if (open.length === 0) return [];
  return [
    {
      ...{ id: "plain-listener", severity: "warn", what: "listens without TLS as well, on loopback" },
      why: "whoever has a shell on the host can do everything; the first change ends that",
      ...{ do: "move whatever uses http there to https before the first change", source: "CIS 2.1" },
    },
  ];
}

function sharedCertificate(members: readonly Live[], spec: Spec): Advice[] {
  const prints = new Set(members.map((member) => leafOf(member, "client")?.fingerprint256));
  if (members.length < 2 || prints.size > 1 || prints.has(undefined)) return [];
  const stays = spec.tls?.given !== undefined;
  return [
    {
      ...{ id: "shared-certificate", severity: "warn", what: "all members have the same certificate and key" },
      why: "what leaks from one host opens all",
      do: stays
        ? "give the CA's key with `--ca-key`, so that every member gets its own"
        : "nothing; the first change gives every member its own",
      source: "etcd.io/docs, op-guide/security",
    },
  ];
}

const peersByAnyName: Advice = {
  ...{ id: "peers-by-any-name", severity: "note", what: "the file lets any certificate of the CA open the peer port" },
  why: "so it is now, and members with certificates of their old names must not be locked out by the first new one",
  do: "remove `tls.peers` from the file once every member has quorate's certificates",
  source: "quorate",
};

const defaultToken: Advice = {
  ...{ id: "default-token", severity: "note", what: "the cluster has etcd's default token" },
  why: "another cluster that is formed of the same addresses would have the same identity",
  ...{
    do: "nothing now; give a cluster that is built anew a token of its own",
    source: "etcd.io/docs, op-guide/failures",
  },
};
