/** A host as it is named on the command line: `HOST`, `USER@HOST`, `HOST:PORT`, `[fd00::7]:22`. */
import { QuorateError } from "../errors.js";

export interface Target {
  /** As after `ssh`. */
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
}

/** @throws QuorateError E_USAGE */
export function targetOf(text: string): Target {
  const [, user, rest = ""] = /^(?:([^@]*)@)?(.*)$/s.exec(text) ?? [];
  const bracketed = /^\[([0-9a-fA-F:.%]+)\](?::(\d+))?$/.exec(rest);
  const colons = rest.split(":").length - 1;
  const [, host = rest, port] =
    bracketed ?? (colons === 1 ? (/^([^:]+):(\d+)$/.exec(rest) ?? ["", ""]) : ["", rest, undefined]);
  const number = port === undefined ? undefined : Number(port);
  const fits =
    /^[A-Za-z0-9_[][A-Za-z0-9_.:%\]-]*$/.test(host) &&
    (user === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/.test(user)) &&
    (number === undefined || (number >= 1 && number <= 65_535));
  if (!fits)
    throw new QuorateError("E_USAGE", `${JSON.stringify(text)} names no host`, {
      found: JSON.stringify(text),
      expected: "HOST, USER@HOST or USER@HOST:PORT, as for ssh",
    });
  return { host, user, port: number };
}

/** Each once, in their order. @throws QuorateError E_USAGE when one is named twice */
export function targetsOf(texts: readonly string[]): Target[] {
  const targets = texts.map(targetOf);
  targets.forEach(({ host, port }, index) => {
    if (targets.findIndex((other) => other.host === host && other.port === port) < index)
      throw new QuorateError("E_USAGE", `${host} is named twice`, { found: texts.join(" ") });
  });
  return targets;
}
