/** The addresses that a member was told to advertise and to bind. */
import { isAnyAddress, isIPv6, isLoopback, parseAddress } from "../spec/address.js";
import { splitUrl } from "../spec/resolve/endpoint.js";
import { valueOf, type Found } from "./found.js";

export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

export const urlsIn = (text: string | undefined): Url[] =>
  (text ?? "").split(",").flatMap((each) => {
    const url = splitUrl(each.trim());
    return url === undefined ? [] : [url];
  });

export const urlText = ({ scheme, host, port }: Url): string =>
  `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** What others can dial, the best first. */
export const dialable = (urls: readonly Url[]): Url[] =>
  urls.filter(({ host }) => !isLoopback(host) && !isAnyAddress(host) && parseAddress(host).kind !== "wrong");

/** Where to ask this member itself; on a machine that listens on all its addresses, at the host's own name. */
export function askAt({ flags, target }: Pick<Found, "flags" | "target">): Url | undefined {
  const advertised = urlsIn(valueOf(flags, "advertise-client-urls"));
  const bound = urlsIn(valueOf(flags, "listen-client-urls"));
  const [best] = dialable([...advertised, ...bound]);
  if (best !== undefined) return best;
  const [open] = bound.filter(({ host }) => isAnyAddress(host));
  return open === undefined ? undefined : { ...open, host: target.host };
}
