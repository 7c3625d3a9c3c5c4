/** Addresses that others dial: the members', and extra names in certificates. */
import { isLoopback, parseAddress, undiallable } from "../address.js";
import { quoted, type Problem, type YamlPath } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";

export function addresses({ file, entries }: Candidate): Problem[] {
  const local = file.hosts === "local";
  const tls = file.tls === "off" ? undefined : file.tls;
  const members = entries.flatMap(({ address, client, peer, at }) => {
    const path = (...rest: string[]): YamlPath => [...at, ...rest];
    if (address === undefined && !local) return [missing(path("address"))];
    return [
      ...advertised(address, path("address"), local),
      ...advertised(client?.address, path("client", "address"), local),
      ...advertised(peer?.address, path("peer", "address"), local),
    ];
  });
  return [...members, ...(tls?.sans ?? []).flatMap((name, index) => certificateName(name, ["tls", "sans", index]))];
}

function advertised(written: string | undefined, path: YamlPath, local: boolean): Problem[] {
  if (written === undefined) return [];
  const address = parseAddress(written);
  if (address.kind === "wrong") return [wrong(written, path, address.why, address.next)];
  const why = undiallable(address.text);
  if (why !== undefined) return [wrong(written, path, why, "write the address that the other members dial")];
  if (!local && isLoopback(address.text)) {
    return [
      wrong(
        written,
        path,
        "is loopback: no other machine can dial it",
        "write the host's own address, or `hosts: local` for a cluster on this machine",
      ),
    ];
  }
  return [];
}

/** As advertised ones, and wildcards such as *.etcd.example. */
function certificateName(written: string, path: YamlPath): Problem[] {
  const address = parseAddress(written.replace(/^\*\./, ""));
  if (address.kind === "wrong") return [wrong(written, path, address.why, address.next)];
  return written.startsWith("*.") && address.kind !== "name"
    ? [wrong(written, path, "is a wildcard for an IP address")]
    : [];
}

const missing = (path: YamlPath): Problem => ({
  code: "E_SPEC_MISSING",
  path,
  message: "`address` is missing",
  expected: "an IP address or a host name",
  found: "nothing",
  next: "add `address: …`",
});

function wrong(written: string, path: YamlPath, why: string, next?: string): Problem {
  const expected = "an IP address or a host name that others can dial";
  return {
    code: "E_SPEC_ADDRESS",
    path,
    message: `${quoted(written)} ${why}`,
    expected,
    found: quoted(written),
    ...(next === undefined ? {} : { next }),
  };
}
