/** Addresses and listeners as the kernel prints them under /proc/net. Pure; tolerant of anything. */

export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/**
 * Local addresses out of /proc/net/fib_trie (IPv4: the line before a `/32 host LOCAL`) and /proc/net/if_inet6, as
 * `head -v` prints the two.
 */
export function addressesOf(text: string): string[] {
  const found = new Set<string>();
  let leaf = "";
  for (const line of text.split("\n")) {
    const address = /^\s*\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line);
    if (address !== null) leaf = address[1] ?? "";
    else if (/^\s*\/32 host LOCAL$/.test(line) && leaf !== "") found.add(leaf);
    const six = /^([0-9a-f]{32}) [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2}\s/.exec(line);
    if (six?.[1] !== undefined) found.add(ipv6Text(six[1]));
  }
  return [...found];
}

/** Listening sockets out of lines of /proc/net/tcp and tcp6. */
export function listenersOf(lines: readonly string[], bigEndian = false): Listener[] {
  return lines.flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const parts = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local);
    if (parts?.[1] === undefined || parts[2] === undefined || state !== "0A" || !/^\d{1,12}$/.test(inode)) return [];
    return [{ address: socketAddress(parts[1], bigEndian), port: Number.parseInt(parts[2], 16), inode }];
  });
}

/** The kernel prints each 32-bit word of an address in the byte order of the machine. */
function socketAddress(hex: string, bigEndian: boolean): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => word.match(/../g) ?? []);
  const bytes = words.flatMap((word) => (bigEndian ? word : word.reverse()));
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  return ipv6Text(bytes.join("").toLowerCase());
}

/** 32 hex digits as RFC 5952 text; an IPv4-mapped address as IPv4. */
export function ipv6Text(hex: string): string {
  const mapped = /^0{20}f{4}([0-9a-f]{8})$/.exec(hex);
  if (mapped?.[1] !== undefined)
    return (mapped[1].match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ""));
  const plain = groups.join(":");
  const runs = [...plain.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const longest = runs[0];
  if (longest === undefined) return plain;
  const before = plain.slice(0, longest.index);
  const after = plain.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}
