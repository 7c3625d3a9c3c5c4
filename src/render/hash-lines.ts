/** A comparison of hashes, as lines and as data. */
import type { HashComparison } from "../observe/hashes.js";
import { table } from "./table.js";

export function hashLines(compared: HashComparison): string[] {
  const { members, odd } = compared;
  const rows = members.map(({ name, hash, compactRevision, why }) => [
    name,
    hash === undefined ? "-" : hash.toString(16).padStart(8, "0"),
    compactRevision?.toString() ?? "-",
    why ?? (odd.includes(name) ? "differs from the majority" : ""),
  ]);
  return [...table([["MEMBER", "HASH", "COMPACTED", ""], ...rows]).map((line) => line.trimEnd()), ...verdict(compared)];
}

function verdict({ revision, members, verdict: is, odd, majority }: HashComparison): string[] {
  const versions = new Set(members.flatMap(({ version }) => (version === undefined ? [] : [version])));
  const mixed =
    is === "differ" && versions.size > 1
      ? ["The members run different versions, which may hash alike data differently; compare again when all run one."]
      : [];
  if (is === "equal") return [`All ${members.length} members have the same data at revision ${revision}.`];
  if (is === "open") return ["Not every member could be compared; those that could have the same data."];
  if (!majority) return [...mixed, "The members have different data, and no majority of them agrees on any."];
  return [
    ...mixed,
    `${odd.join(", ")} differs from the majority; \`quorate rebuild ${odd[0] ?? "MEMBER"}\` takes its data from the others.`,
  ];
}

/** Numbers of 64 bits are strings, so that no reader rounds them. */
export const hashJson = (
  cluster: string,
  { revision, members, verdict: is, odd, majority }: HashComparison,
): object => ({
  cluster,
  verdict: is,
  odd,
  majority,
  revision: revision?.toString() ?? null,
  members: members.map(({ name, url, memberId, version, hash, compactRevision, why }) => ({
    member: name,
    endpoint: url,
    memberId: memberId ?? null,
    version: version ?? null,
    hash: hash ?? null,
    compactRevision: compactRevision?.toString() ?? null,
    ...(why !== undefined && { why }),
  })),
});
