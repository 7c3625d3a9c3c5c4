/** What a fake etcd leaves on its disk, in place of a write-ahead log. */
import { posix } from "node:path";
import type { DataFact } from "../host/host.js";
import { walPath } from "../observe/question.js";
import type { MemberSpec } from "../spec/spec.js";
import type { FakeFiles } from "./fake-files.js";

export interface FakeIdentity {
  readonly clusterId: string;
  readonly memberId: string;
  /** Voters of the cluster's first start. */
  readonly voters: readonly FakeVoter[];
}

export interface FakeVoter {
  readonly id: string;
  readonly name: string;
  readonly peerUrl: string;
}

export interface FakeDataPlace {
  readonly data: string;
  /** --wal-dir, which etcd makes itself. */
  readonly wal: string | undefined;
}

export const placeOf = (member: MemberSpec): FakeDataPlace => ({ data: member.paths.data, wal: walPath(member) });

const walFolder = ({ data, wal }: FakeDataPlace): string => wal ?? posix.join(data, "member", "wal");

const walFile = (place: FakeDataPlace): string => posix.join(walFolder(place), "0000000000000000-0000000000000000.wal");

export function readIdentity(files: FakeFiles, place: FakeDataPlace): FakeIdentity | undefined {
  const text = files.text(walFile(place));
  return text === undefined ? undefined : (JSON.parse(text) as FakeIdentity);
}

export function writeIdentity(
  files: FakeFiles,
  place: FakeDataPlace,
  identity: FakeIdentity,
  own: { owner: string; group: string },
): void {
  const { owner, group } = own;
  files.makeFolder(posix.join(place.data, "member"), "0700", owner, group);
  files.makeFolder(posix.join(place.data, "member", "snap"), "0700", owner, group);
  files.makeFolder(walFolder(place), "0700", owner, group);
  files.write(posix.join(place.data, "member", "snap", "db"), "bolt", { mode: "0600", owner, group });
  files.write(walFile(place), JSON.stringify(identity), { mode: "0600", owner, group });
}

/** As the real observation tells it: a log says whose data it is; without one, anything at all is foreign. */
export function dataFact(files: FakeFiles, place: FakeDataPlace): DataFact {
  const identity = readIdentity(files, place);
  if (identity !== undefined) return { kind: "member", clusterId: identity.clusterId, memberId: identity.memberId };
  const folders = [place.data, ...(place.wal === undefined ? [] : [place.wal])].filter((path) => files.isFolder(path));
  if (folders.length === 0) return { kind: "absent" };
  const found = folders.flatMap((path) => files.names(path)).filter((name) => name !== "lost+found");
  return found.length === 0 ? { kind: "empty" } : { kind: "foreign", found };
}
