/** Every certificate of a cluster, wherever it is: in the operator's store, on the hosts, and on the wire. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { X509Certificate } from "node:crypto";
import { questionFor, trustPaths } from "../observe/question.js";
import { judgeAll } from "../observe/observe.js";
import type { HostObservation } from "../host/host.js";
import { chainTo } from "../pki/chain.js";
import { factsOf } from "../pki/inspect.js";
import { pkiFolder } from "../pki/open-authority.js";
import { certificatesIn, commonNameOf } from "../pki/pem.js";
import { readRevocations, type RevokedCertificate } from "../pki/revocation-record.js";
import { servedCertificate } from "../pki/served.js";
import type { CertificateRow, Certificates } from "../render/certs-table.js";
import { count } from "../render/plan-text.js";
import type { Endpoint, MemberSpec, Spec } from "../spec/spec.js";
import type { World } from "../world.js";

/** One PEM text and where it was seen. */
interface Sighting {
  readonly use: string;
  readonly place: string;
  readonly pem: string;
}

/** Milliseconds for one listener to show its certificate. */
const dialDeadline = 3_000;

const here = "this machine";

export async function collectCertificates(spec: Spec, world: World): Promise<Certificates> {
  const [stored, hosts, wire] = await Promise.all([inStore(spec, world), onHosts(spec, world), onTheWire(spec, world)]);
  const trusted = await world.authority.trusted();
  const anchors = trusted === undefined ? [] : certificatesIn(trusted, "ca");
  const rows = merge([...stored, ...hosts.sightings, ...wire.sightings], anchors, world.clock.now());
  const { revoked, list } = readRevocations(pkiFolder(spec));
  const told =
    list === undefined
      ? []
      : [
          `list of revoked certificates: number ${list.number}, ${count(list.serials.length, "serial")}, until ${list.to.slice(0, 10)}`,
        ];
  return {
    rows: rows.map((row) => withRevocation(row, revoked)),
    remarks: [...hosts.remarks, ...wire.remarks, ...told],
  };
}

function withRevocation(row: CertificateRow, revoked: readonly RevokedCertificate[]): CertificateRow {
  const entry = revoked.find(({ serial }) => serial === row.serial);
  return entry === undefined ? row : { ...row, revoked: { at: entry.at, reason: entry.reason } };
}

async function inStore(spec: Spec, { authority }: World): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  const note = (use: string, pem: string | undefined): void => {
    if (pem !== undefined) sightings.push({ use, place: here, pem });
  };
  note("ca", await authority.trusted());
  for (const { name } of spec.members) {
    const files = (await authority.stored(name))?.files ?? [];
    for (const use of ["server", "peer"] as const) {
      const file = files.find((candidate) => candidate.name === `${use}.pem`);
      if (file !== undefined) note(`${name} ${use}`, Buffer.from(await file.bytes()).toString("utf8"));
    }
  }
  const client = await authority.storedClient();
  note("client root", client?.cert);
  note("peer probe", client?.probe?.cert);
  const clients = join(pkiFolder(spec), "clients");
  for (const name of await readdir(clients).catch(() => [])) {
    note(`client ${name}`, await readFile(join(clients, name, "live", "client.pem"), "utf8").catch(() => undefined));
  }
  return sightings;
}

async function onHosts(spec: Spec, world: World): Promise<{ sightings: Sighting[]; remarks: string[] }> {
  const looks = await Promise.all(
    spec.members.map(
      async (member) => [member, await world.host(member.name).observe(questionFor(spec, member, []))] as const,
    ),
  );
  const hosts: Record<string, HostObservation> = Object.fromEntries(looks.map(([{ name }, seen]) => [name, seen]));
  const verdicts = judgeAll(spec, world, hosts, world.clock.now());
  const away = looks.flatMap(([{ name }, seen]) =>
    seen.reach === "unreachable" ? [`${name}: ${seen.error.message}`] : [],
  );
  const wrong = Object.entries(verdicts).flatMap(([name, { reasons }]) =>
    reasons.map((reason) => `${name}: ${reason}`),
  );
  return { sightings: looks.flatMap(([member, seen]) => ofHost(spec, member, seen)), remarks: [...away, ...wrong] };
}

function ofHost(spec: Spec, member: MemberSpec, seen: HostObservation): Sighting[] {
  if (seen.reach === "unreachable") return [];
  const { texts } = trustPaths(spec, member);
  const uses = { ca: "ca", server: `${member.name} server`, peer: `${member.name} peer` } as const;
  return (["ca", "server", "peer"] as const).flatMap((part) => {
    const pem = seen.texts[texts[part]];
    return pem === undefined ? [] : [{ use: uses[part], place: `on ${member.name}`, pem }];
  });
}

async function onTheWire(spec: Spec, world: World): Promise<{ sightings: Sighting[]; remarks: string[] }> {
  const client = await world.authority.storedClient();
  const probe = client === undefined ? undefined : { ca: client.ca, ...(client.probe ?? client) };
  const listeners = spec.members.flatMap((member): [string, Endpoint, typeof probe][] => [
    [`${member.name} server`, member.client, client],
    [`${member.name} peer`, member.peer, probe],
  ]);
  const looks = await Promise.all(
    listeners.map(async ([use, { address, port, url }, identity]) => ({
      use,
      url,
      served: await servedCertificate(address, port, identity, dialDeadline, await pathTo(world, address, port)),
    })),
  );
  return {
    sightings: looks.flatMap(({ use, url, served }) =>
      served.chain.length === 0 ? [] : [{ use, place: url, pem: served.chain.join("\n") }],
    ),
    remarks: looks.flatMap(({ url, served }) =>
      served.authorized ? [] : [`${url}: ${served.reason ?? "not trusted"}`],
    ),
  };
}

/** Where there is no way, the network says so. */
const pathTo = async ({ through }: World, host: string, port: number): Promise<string | undefined> =>
  through?.({ host, port }).catch(() => undefined);

/** One row per certificate, by its fingerprint; where a PEM holds more than a leaf, the rest only builds its chain. */
function merge(sightings: readonly Sighting[], anchors: readonly X509Certificate[], now: number): CertificateRow[] {
  const rows = new Map<string, CertificateRow>();
  for (const { use, place, pem } of sightings) {
    const all = certificatesIn(pem, place);
    const [leaf, ...between] = all;
    for (const certificate of use === "ca" ? all : leaf === undefined ? [] : [leaf]) {
      const facts = factsOf(certificate, now);
      const known = rows.get(facts.fingerprint);
      const anchor = anchors.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
      const chain = (anchor ? [certificate] : chainTo(anchors, certificate, between))?.map(commonNameOf);
      const places = [...new Set([...(known?.places ?? []), place])];
      rows.set(facts.fingerprint, { use, chain, ...known, ...facts, places });
    }
  }
  return [...rows.values()];
}
