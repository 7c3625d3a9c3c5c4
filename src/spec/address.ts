/** IP addresses and host names as etcd and certificates see them. */
import { isIPv4, isIPv6 as matchesIPv6 } from "node:net";

export type Address =
  | { readonly kind: "ipv4" | "ipv6" | "name"; readonly text: string }
  | { readonly kind: "wrong"; readonly why: string; readonly next?: string };

/** Node's pattern for IPv6 takes milliseconds to compile, and most clusters have no such address. */
export const isIPv6 = (text: string): boolean => text.includes(":") && matchesIPv6(text);

/** The one spelling of an address: no brackets, IPv6 shortened as in RFC 5952, host names in lower case. */
export function parseAddress(written: string): Address {
  const bracketed = /^\[(.*)\]$/.exec(written)?.[1];
  const text = bracketed ?? written;
  if (isIPv4(text) && bracketed === undefined) return { kind: "ipv4", text };
  if (isIPv6(text)) return ipv6(text);
  if (bracketed !== undefined) return { kind: "wrong", why: "brackets belong around an IPv6 address only" };
  if (/^[a-z]+:\/\//i.test(text))
    return { kind: "wrong", why: "is a URL", next: "write the host alone; the port has a field of its own" };
  if (/^[^:]+:\d+$/.test(text) || /^\[.*\]:\d+$/.test(text))
    return { kind: "wrong", why: "has a port", next: "write the host alone; the port has a field of its own" };
  return hostName(text);
}

function ipv6(text: string): Address {
  if (text.includes("%"))
    return {
      kind: "wrong",
      why: "has a zone, which neither URLs nor certificates can carry",
      next: "use a global or unique local address",
    };
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  if (!short.startsWith("::ffff:")) return { kind: "ipv6", text: short };
  const next = "write the IPv4 address itself";
  return {
    kind: "wrong",
    why: "is an IPv4 address inside an IPv6 one: certificates name one and peers see the other",
    next,
  };
}

/** RFC 1123: labels of letters, digits and inner dashes. */
function hostName(text: string): Address {
  if (/^[\d.]+$/.test(text))
    return {
      kind: "wrong",
      why: "is neither an IPv4 address nor a host name",
      next: "an IPv4 address has four numbers from 0 to 255",
    };
  if (text.endsWith(".")) return { kind: "wrong", why: "ends with a dot", next: `write ${text.slice(0, -1)}` };
  if (text.includes("_")) return { kind: "wrong", why: "has an underscore, which host names cannot have" };
  if (/\s/.test(text)) return { kind: "wrong", why: "has a space in it" };
  if (text.includes(":")) return { kind: "wrong", why: "is not an IPv6 address" };
  if (text.length > 253) return { kind: "wrong", why: "is longer than 253 characters" };
  const bad = text.split(".").find((label) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  if (bad === undefined) return { kind: "name", text: text.toLowerCase() };
  return {
    kind: "wrong",
    why:
      bad === ""
        ? "has an empty part between dots"
        : `is not a host name: ${JSON.stringify(bad)} is not letters, digits and inner dashes`,
  };
}

/** https://10.64.3.7:2379, https://[fd00::7]:2379 */
export const urlOf = (scheme: "http" | "https", host: string, port: number): string =>
  `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;

export const isLoopback = (host: string): boolean =>
  host === "::1" || host === "localhost" || (isIPv4(host) && host.startsWith("127."));

export const isAnyAddress = (host: string): boolean => host === "0.0.0.0" || host === "::";

/** What kind of address no other machine can dial this is; undefined when it can be dialled. */
export function undiallable(host: string): string | undefined {
  if (!isIPv4(host) && !isIPv6(host)) return undefined;
  if (isAnyAddress(host)) return "stands for every address of a machine, not for one";
  if (host === "255.255.255.255") return "is the broadcast address";
  const first = isIPv4(host) ? Number(host.split(".")[0]) : 0;
  if (first === 0 && isIPv4(host)) return "is not the address of a host";
  if ((first >= 224 && first < 240) || host.startsWith("ff")) return "is a multicast address";
  if (first >= 240) return "is a reserved address";
  if (/^fe[89ab]/.test(host)) return "is a link-local address, which needs a zone that URLs cannot carry";
  return undefined;
}
