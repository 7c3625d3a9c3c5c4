/** The TLS part, with every default filled in. */
import { parseDuration } from "../quantities.js";
import type { ClusterFile } from "../shape/schema.js";
import type { TlsSpec } from "../spec.js";
import { operatorPath, type Surroundings } from "../surroundings.js";
import { canonical } from "./endpoint.js";

type WrittenTls = Exclude<NonNullable<ClusterFile["tls"]>, "off">;
interface Pair {
  readonly cert: string;
  readonly key: string;
}

const day = 86_400_000;

export function resolveTls(written: WrittenTls, members: readonly string[], surroundings: Surroundings): TlsSpec {
  const path = (text: string): string => operatorPath(surroundings, text);
  const pair = ({ cert, key }: Pair): Pair => ({ cert: path(cert), key: path(key) });
  const { ca, certificates } = written;
  // The tutorial's one pair is the client's too; with the CA's key at hand a client of its own is better.
  const shared =
    certificates !== undefined && isShared(certificates) && ca?.key === undefined ? certificates : undefined;
  const client = written.client ?? shared;
  return {
    algorithm: written.algorithm ?? "ecdsa-p256",
    subject: { ...written.subject },
    sans: (written.sans ?? []).map(canonical),
    caDays: days(written.validity?.ca ?? "10y"),
    leafDays: days(written.validity?.leaf ?? "365d"),
    renewAt: share(written["renew-at"] ?? "0.33"),
    ca:
      ca === undefined
        ? { kind: "own" }
        : { kind: "given", cert: path(ca.cert), key: ca.key === undefined ? undefined : path(ca.key) },
    given: certificates === undefined ? undefined : byMember(certificates, members, pair),
    givenClient: client === undefined ? undefined : pair(client),
    keysOn: written.keys ?? "operator",
    ...(written.peers === "any" && { anyPeer: true }),
    ...(written["peer-name"] !== undefined && { peerName: written["peer-name"] }),
    ...(written.revocation !== undefined && { revocation: written.revocation === "true" }),
    ...(written.revocation === "true" && { revokes: true }),
  };
}

function byMember(
  written: NonNullable<WrittenTls["certificates"]>,
  members: readonly string[],
  pair: (each: Pair) => Pair,
): Record<string, Pair> {
  if (isShared(written)) return Object.fromEntries(members.map((name) => [name, pair(written)]));
  return Object.fromEntries(Object.entries(written).map(([name, each]) => [name, pair(each)]));
}

/** One pair for everybody, as in the tutorial, and not a pair per member. */
export const isShared = (written: NonNullable<WrittenTls["certificates"]>): written is Pair =>
  typeof written["cert"] === "string";

const days = (text: string): number => Math.floor((parseDuration(text) ?? 0) / day);

const share = (text: string): number => (text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text));
