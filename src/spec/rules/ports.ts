/** Ports: in range, unprivileged, and no two listeners of one machine in each other's way. */
import { isAnyAddress } from "../address.js";
import type { Problem, YamlPath } from "../problem.js";
import { splitUrl } from "../resolve/endpoint.js";
import type { Candidate } from "../resolve/resolve.js";

export function ports(candidate: Candidate): Problem[] {
  const { spec, file, entries } = candidate;
  const range = entries.flatMap((entry, index) => {
    const listeners = (["client", "peer"] as const).flatMap((kind) =>
      inRange(spec.members[index]?.[kind].port, [...entry.at, kind, "port"], 1024),
    );
    return [...listeners, ...inRange(numberOf(entry.ssh?.port), [...entry.at, "ssh", "port"], 1)];
  });
  const all = [...range, ...inRange(numberOf(file.ssh?.port), ["ssh", "port"], 1)];
  return [...all, ...clashes(candidate)];
}

function inRange(port: number | undefined, path: YamlPath, least: 1 | 1024): Problem[] {
  if (port === undefined || (port >= least && port <= 65535)) return [];
  const base = { code: "E_SPEC_PORT", path, found: String(port), expected: `a port from ${least} to 65535` } as const;
  if (port < 1 || port > 65535) return [{ ...base, message: `${port} is not a TCP port` }];
  return [
    {
      ...base,
      message: `port ${port} needs root, and etcd does not run as root`,
      next: "choose a port from 1024 up, such as 2379",
    },
  ];
}

interface Listener {
  readonly member: number;
  readonly kind: "client" | "peer";
  readonly host: string;
  readonly port: number;
}

/** On ssh hosts every member has its own machine; local ones share one. Equal URLs of one kind are told elsewhere. */
function clashes({ spec, entries }: Candidate): Problem[] {
  const listeners = spec.members.flatMap((member, index) =>
    (["client", "peer"] as const).flatMap((kind) =>
      member[kind].listen.map((url): Listener => ({ member: index, kind, ...hostOf(url) })),
    ),
  );
  const problems = new Map<string, Problem>();
  listeners.forEach((one, index) => {
    for (const other of listeners.slice(index + 1)) {
      if (one.port !== other.port || one.port === 0) continue;
      const sameMachine = one.member === other.member || spec.members[one.member]?.host.kind === "local";
      if (!sameMachine || (one.member === other.member && one.kind === other.kind)) continue;
      if (one.host !== other.host && !isAnyAddress(one.host) && !isAnyAddress(other.host)) continue;
      if (
        one.kind === other.kind &&
        spec.members[one.member]?.[one.kind].url === spec.members[other.member]?.[other.kind].url
      )
        continue;
      const [first, second] = [spec.members[one.member]?.name ?? "", spec.members[other.member]?.name ?? ""];
      const message =
        first === second
          ? `${first} uses port ${one.port} for clients and for peers`
          : `${first} (${one.kind}) and ${second} (${other.kind}) both listen on port ${one.port}`;
      const path = [...(entries[other.member]?.at ?? []), other.kind, "port"];
      problems.set(message, {
        code: "E_SPEC_PORT",
        path,
        message,
        found: String(one.port),
        expected: "a port of its own for every listener",
        next: "choose another port for one of them",
      });
    }
  });
  return [...problems.values()];
}

/** Port 0, which clashes with nothing, for what is no URL: that is told elsewhere. */
function hostOf(url: string): { host: string; port: number } {
  const { host, port, rest } = splitUrl(url) ?? { host: url, port: 0, rest: "" };
  return { host, port: rest === "" ? port : 0 };
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
