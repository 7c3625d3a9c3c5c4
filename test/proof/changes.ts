/** Every change of the file. */
import type { MemberSpec, Spec } from "../../src/spec/spec.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

export interface Change {
  readonly name: string;
  /** Index in the line of versions of what runs, and of what is wanted. */
  readonly from: number;
  readonly to: number;
  readonly settings?: boolean;
  /** How many members the file names no more; "all" to move house. */
  readonly gone?: number | "all";
  /** How many it names anew; "all": one for each that is gone. */
  readonly added?: number | "all";
  readonly readdressed?: number;
  readonly stranger?: "told" | "untold";
  readonly downtime?: boolean;
}

const same = { from: 1, to: 1 } as const;
const up = { from: 1, to: 2 } as const;

export const changes: readonly Change[] = [
  { name: "none", ...same },
  { name: "settings", ...same, settings: true },
  { name: "settings, downtime accepted", ...same, settings: true, downtime: true },
  { name: "upgrade", ...up },
  { name: "upgrade by two hops", from: 1, to: 3 },
  { name: "downgrade", from: 2, to: 1 },
  { name: "add 1", ...same, added: 1 },
  { name: "add 2", ...same, added: 2 },
  { name: "remove 1", ...same, gone: 1 },
  { name: "remove 2", ...same, gone: 2 },
  { name: "replace 1", ...same, gone: 1, added: 1 },
  { name: "move house", ...same, gone: "all", added: "all" },
  { name: "readdress 1", ...same, readdressed: 1 },
  { name: "readdress 1, downtime accepted", ...same, readdressed: 1, downtime: true },
  { name: "a stranger is to go", ...same, stranger: "told" },
  { name: "a stranger is there", ...same, stranger: "untold" },
  { name: "upgrade and add 1", ...up, added: 1 },
  { name: "upgrade and replace 1", ...up, gone: 1, added: 1 },
  { name: "settings and remove 1", ...same, settings: true, gone: 1 },
  { name: "settings and readdress 1", ...same, settings: true, readdressed: 1 },
];

export interface Cut {
  /** Members of the cluster in the order stay, readdressed, gone; and then hosts that are new. */
  readonly stay: readonly MemberSpec[];
  readonly readdressed: readonly MemberSpec[];
  readonly gone: readonly MemberSpec[];
  readonly added: readonly MemberSpec[];
  readonly stranger: MemberSpec | undefined;
  readonly before: Spec;
  readonly wanted: Spec;
}

/** @returns undefined when a cluster of this size cannot change like that */
export function cut(change: Change, size: number): Cut | undefined {
  const gone = change.gone === "all" ? size : (change.gone ?? 0);
  const readdressed = change.readdressed ?? 0;
  const added = change.added === "all" ? gone : (change.added ?? 0);
  const stay = size - gone - readdressed;
  if (stay < 0 || size - gone + added < 1) return undefined;
  const before = sampleSpec({ members: 2 * size + 3, version: undefined });
  const all = [...before.members];
  const take = (count: number): MemberSpec[] => all.splice(0, count);
  const parts = { stay: take(stay), readdressed: take(readdressed), gone: take(gone), added: take(added) };
  const wanted: Spec = {
    ...before,
    etcd: { ...before.etcd, settings: change.settings === true ? { "quota-backend-bytes": "4294967296" } : {} },
    members: [...parts.added, ...parts.stay, ...parts.readdressed.map(elsewhere)],
    former: parts.gone,
  };
  return { ...parts, stranger: change.stranger === undefined ? undefined : take(1)[0], before, wanted };
}

/** Same machine and same disk at another address. */
function elsewhere(member: MemberSpec): MemberSpec {
  const address = member.address.replace("10.64.3.", "10.99.0.");
  const move = <T extends MemberSpec["peer"]>(endpoint: T): T => ({
    ...endpoint,
    address,
    url: endpoint.url.replace(member.address, address),
    listen: endpoint.listen.map((url) => url.replace(member.address, address)),
  });
  return { ...member, address, client: move(member.client), peer: move(member.peer) };
}
