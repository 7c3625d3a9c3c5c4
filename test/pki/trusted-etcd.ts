/** Three real etcd processes on loopback that run on certificates of an authority of ours. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Authority, ClientIdentity, MemberTrust } from "../../src/pki/authority.js";
import { peerCommonName } from "../../src/pki/names.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import type { MemberSpec, Spec, TlsSpec } from "../../src/spec/spec.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";
import { httpStatus } from "../support/http-status.js";
import { RealMember } from "../support/real-member.js";
import { until } from "../support/until.js";
import { endpoint, exampleMember, exampleSpec } from "./example-spec.js";

export interface TrustedEtcd {
  readonly spec: Spec;
  readonly folder: string;
  readonly authority: Authority;
  readonly client: ClientIdentity;
  readonly members: readonly RealMember[];
  /** Put a set where the member reads it, as a host does: a folder per generation and one link. */
  install(member: string, trust: MemberTrust): Promise<void>;
}

/** The cluster's spec, on free ports. */
export async function loopbackSpec(folder: string, tls: Partial<TlsSpec> = {}, size = 3): Promise<Spec> {
  const ports = await freePorts(2 * size);
  const members = Array.from({ length: size }, (_, index): MemberSpec =>
    exampleMember(`m${String(index + 1)}`, "127.0.0.1", {
      client: endpoint("127.0.0.1", ports[2 * index]!),
      peer: endpoint("127.0.0.1", ports[2 * index + 1]!),
    }),
  );
  return exampleSpec(folder, tls, { members });
}

/** Start the members and wait until each answers a linearizable read. Extra arguments go to every member. */
export async function trustedEtcd(
  version: string,
  spec: Spec,
  folder: string,
  args: readonly string[] = [],
): Promise<TrustedEtcd> {
  const authority = openAuthority(spec);
  const [client, ...sets] = await Promise.all([
    authority.client(),
    ...spec.members.map(({ name }) => authority.issue(name)),
  ]);
  if (client === undefined) throw new Error("TLS is on");
  const certificates = (name: string): string => join(folder, `${name}-certificates`);
  const install = async (name: string, trust: MemberTrust): Promise<void> => {
    const target = join(certificates(name), trust.generation);
    mkdirSync(target, { recursive: true });
    for (const file of trust.files)
      writeFileSync(join(target, file.name), await file.bytes(), { mode: Number.parseInt(file.mode, 8) });
    rmSync(join(certificates(name), "live"), { force: true });
    symlinkSync(trust.generation, join(certificates(name), "live"));
  };
  const cluster = spec.members.map(({ name, peer }) => `${name}=${peer.url}`).join(",");
  const allowed = spec.tls?.given === undefined ? [`--peer-cert-allowed-cn=${peerCommonName(spec.name)}`] : [];
  const members = spec.members.map((member) => {
    const file = (name: string): string => join(certificates(member.name), "live", name);
    return new RealMember({
      name: member.name,
      binary: join(etcdFolder(version), "etcd"),
      env: {},
      clientUrl: member.client.url,
      peerUrl: member.peer.url,
      dataDir: join(folder, `${member.name}-data`),
      logFile: join(folder, `${member.name}.log`),
      args: [
        `--name=${member.name}`,
        `--data-dir=${join(folder, `${member.name}-data`)}`,
        `--listen-peer-urls=${member.peer.url}`,
        `--listen-client-urls=${member.client.url}`,
        `--initial-advertise-peer-urls=${member.peer.url}`,
        `--advertise-client-urls=${member.client.url}`,
        `--initial-cluster=${cluster}`,
        "--logger=zap",
        "--log-outputs=stderr",
        "--client-cert-auth=true",
        `--trusted-ca-file=${file("ca.pem")}`,
        `--cert-file=${file("server.pem")}`,
        `--key-file=${file("server-key.pem")}`,
        "--peer-client-cert-auth=true",
        `--peer-trusted-ca-file=${file("ca.pem")}`,
        `--peer-cert-file=${file("peer.pem")}`,
        `--peer-key-file=${file("peer-key.pem")}`,
        ...allowed,
        ...args,
      ],
    });
  });
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.kill()));
  });
  for (const [index, member] of spec.members.entries()) await install(member.name, sets[index]!);
  for (const member of members) member.start();
  for (const member of members)
    await until(async () => (await httpStatus(`${member.clientUrl}/health`, client)) === 200, 60_000);
  return { spec, folder, authority, client, members, install };
}
