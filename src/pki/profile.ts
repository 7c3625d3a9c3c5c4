/** Who a certificate is for and what it may do: pure, from the spec alone. */
import { isIP } from "node:net";
import type { Endpoint, MemberSpec, Spec } from "../spec/spec.js";
import { peerNameOf, rootCommonName } from "./names.js";

export type Usage = "serverAuth" | "clientAuth";

export interface Profile {
  readonly commonName: string;
  /** O of a client certificate in place of the spec's. */
  readonly organizations?: readonly string[];
  readonly usages: readonly Usage[];
  /** Subject alternative names: IP addresses and host names. */
  readonly names: readonly string[];
}

const loopback = ["localhost", "127.0.0.1", "::1"] as const;

/**
 * The client-facing certificate. clientAuth too: etcd's own HTTP gateway dials the server with the server's
 * certificate. Loopback names: health checks on the host itself.
 */
export function serverProfile(spec: Spec, member: MemberSpec): Profile {
  return {
    commonName: member.name,
    usages: ["serverAuth", "clientAuth"],
    names: distinct([member.client.address, ...boundAddresses(member.client), ...loopback, ...(spec.tls?.sans ?? [])]),
  };
}

/**
 * The certificate among peers. etcd compares its names with the address a peer dials from, which may be any address
 * of the host: so the client address stands in it too.
 */
export function peerProfile(spec: Spec, member: MemberSpec): Profile {
  const own = [member.peer.address, ...boundAddresses(member.peer), member.client.address];
  return {
    commonName: peerNameOf(spec),
    usages: ["serverAuth", "clientAuth"],
    names: distinct(isLoopback(member.peer.address) ? [...own, ...loopback] : own),
  };
}

/** quorate's own client identity. */
export const rootProfile: Profile = { commonName: rootCommonName, usages: ["clientAuth"], names: [] };

/** Opens a peer port to ask whether it serves: the peers' CN, and no names, so from any address. */
export const probeProfile = (spec: Spec): Profile => ({
  commonName: peerNameOf(spec),
  usages: ["clientAuth"],
  names: [],
});

/** What a member's certificates must at least cover: addresses that others dial. */
export const dialled = (member: MemberSpec): { server: readonly string[]; peer: readonly string[] } => ({
  server: [member.client.address],
  peer: [member.peer.address],
});

/** The addresses that an endpoint binds, without "any address" and without loopback. */
function boundAddresses(endpoint: Endpoint): string[] {
  return endpoint.listen
    .map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ""))
    .filter((address) => address !== "0.0.0.0" && address !== "::" && !isLoopback(address));
}

const isLoopback = (address: string): boolean =>
  address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));

const distinct = (names: readonly string[]): string[] => [...new Set(names.map(canonical))];

/** Each address in one spelling: `fd00:0::7` is `fd00::7`, and the X.509 library reads only some of them right. */
const canonical = (name: string): string =>
  isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
