/** Which listeners of a cluster that is to have TLS the operator's records still have as plaintext. */
import type { MemberSpec, Spec } from "./spec.js";

const isPlain = ({ client }: MemberSpec): boolean => client.url.startsWith("http://");

/** The https:// URL that the file asks for, and the http:// URL on record. */
export function plainListeners({ tls, members }: Spec, roster: readonly MemberSpec[]): Map<string, string> {
  const found = new Map<string, string>();
  if (tls === undefined) return found;
  for (const member of members) {
    const before = roster.find(
      (one) => isPlain(one) && one.name === member.name && one.paths.data === member.paths.data,
    );
    if (before === undefined) continue;
    found.set(member.client.url, before.client.url).set(member.peer.url, before.peer.url);
  }
  return found;
}

/** Records that have to stay until nobody is reached in plaintext any more. @param isDone whether that is so of a member */
export const plainRecords = (
  { tls }: Spec,
  roster: readonly MemberSpec[],
  isDone: (name: string) => boolean,
): readonly MemberSpec[] =>
  tls === undefined ? [] : roster.filter((member) => isPlain(member) && !isDone(member.name));
