/** What etcd is told to bind: IP addresses only, with the scheme that TLS asks for. */
import { parseAddress } from "../address.js";
import { quoted, type Problem, type YamlPath } from "../problem.js";
import { splitUrl } from "../resolve/endpoint.js";
import type { Candidate } from "../resolve/resolve.js";

export function listenUrls({ spec, entries }: Candidate): Problem[] {
  const scheme = spec.tls === undefined ? "http" : "https";
  return entries.flatMap((entry, index) =>
    (["client", "peer"] as const).flatMap((kind) => {
      const port = spec.members[index]?.[kind].port ?? 0;
      const listen = entry[kind]?.listen;
      const path = [...entry.at, kind, "listen"];
      if (listen?.length === 0) return [wrong("[]", path, "etcd has to listen somewhere")];
      return (listen ?? []).flatMap((written, position) => judge(written, [...path, position], scheme, port));
    }),
  );
}

function judge(written: string, path: YamlPath, scheme: "http" | "https", port: number): Problem[] {
  const say = (why: string, next?: string): Problem[] => [wrong(written, path, why, next)];
  const url = written.includes("://") ? splitUrl(written) : { scheme, host: written, port, rest: "" };
  if (url === undefined) return say("is not a URL");
  if (url.scheme === "unix" || url.scheme === "unixs") return say("is a socket; members are reached over the network");
  if (url.scheme !== scheme) {
    const why =
      scheme === "https"
        ? `is plain ${url.scheme}: etcd would ignore the certificates there`
        : "asks for TLS, which `tls: off` turns off";
    return say(
      why,
      `write ${written.replace(/^[^:]*/, scheme)}${scheme === "https" ? ", or `tls: off`" : ", or remove `tls: off`"}`,
    );
  }
  if (url.rest !== "" && url.rest !== "/") return say("has a path, which etcd does not take");
  if (url.port !== port)
    return say(`has another port than the endpoint's, ${port}`, `write port ${port}, or set \`port\``);
  const address = parseAddress(url.host);
  if (address.kind === "wrong" && address.why.includes("IPv4 address inside")) return say(address.why, address.next);
  if (address.kind === "wrong" || address.kind === "name")
    return say(
      "has a host name where etcd wants an IP address to bind",
      "write the IP address, or 0.0.0.0 for all of the host's",
    );
  return [];
}

function wrong(written: string, path: YamlPath, why: string, next?: string): Problem {
  const expected = "an IP address, or a URL of scheme, IP address and port";
  return {
    code: "E_SPEC_URL",
    path,
    message: `${quoted(written)} ${why}`,
    expected,
    found: quoted(written),
    ...(next === undefined ? {} : { next }),
  };
}
