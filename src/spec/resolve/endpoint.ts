/** One listener of a member: what others dial, and what etcd binds. */
import { isAnyAddress, isIPv6, isLoopback, parseAddress, urlOf } from "../address.js";
import type { Endpoint } from "../spec.js";
import type { MemberEntry } from "./entries.js";

export interface EndpointDefaults {
  readonly scheme: "http" | "https";
  /** As written for the member. */
  readonly address: string;
  readonly port: number;
  readonly kind: "client" | "peer";
}

export function resolveEndpoint(written: MemberEntry["client"], defaults: EndpointDefaults): Endpoint {
  const address = canonical(written?.address ?? defaults.address);
  const port = written?.port === undefined ? defaults.port : Number(written.port);
  const { scheme, kind } = defaults;
  const asked = written?.listen?.map((entry) => listenUrl(entry, scheme, port));
  const bound = asked ?? [urlOf(scheme, bindAddress(address), port)];
  const loopback = urlOf(scheme, isIPv6(bindAddress(address)) ? "::1" : "127.0.0.1", port);
  const reachesLoopback = bound.some((url) => isLocalUrl(url, port));
  const listen = kind === "peer" || reachesLoopback ? bound : [...bound, loopback];
  return { address, port, url: urlOf(scheme, address, port), listen: [...new Set(listen)] };
}

/** etcd binds IP addresses only, so a member known by host name listens on all of its machine's. */
function bindAddress(address: string): string {
  if (address === "localhost") return "127.0.0.1";
  return parseAddress(address).kind === "name" ? "0.0.0.0" : address;
}

/** A bare address gets the endpoint's scheme and port; a URL is taken as it is, without a trailing slash. */
export function listenUrl(entry: string, scheme: "http" | "https", port: number): string {
  return entry.includes("://") ? entry.replace(/\/$/, "") : urlOf(scheme, canonical(entry), port);
}

function isLocalUrl(url: string, port: number): boolean {
  const parts = splitUrl(url);
  return parts !== undefined && parts.port === port && (isLoopback(parts.host) || isAnyAddress(parts.host));
}

/** Scheme, host without brackets, and port; a port left out is 0. undefined when this is no URL. */
export function splitUrl(url: string): { scheme: string; host: string; port: number; rest: string } | undefined {
  const found = /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(.*)$/i.exec(url);
  if (found === null) return undefined;
  const [, scheme = "", host = "", port = "0", rest = ""] = found;
  return { scheme: scheme.toLowerCase(), host: canonical(host), port: Number(port), rest };
}

/** The one spelling of an address; text that is none is kept for the rules to judge. */
export function canonical(text: string): string {
  const address = parseAddress(text);
  return address.kind === "wrong" ? text : address.text;
}
