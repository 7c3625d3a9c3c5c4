/**
 * Did everything happen in an order that clients can live with? etcd numbers all writes, which makes the usual search
 * for a linearization needless: per key, the revisions are that order, and what is left to check is that it agrees with
 * the clocks. An operation that began after another one had ended must not have a smaller revision.
 */
import type { History } from "../history.js";
import type { Findings } from "./findings.js";

/** An operation as the sweep sees it. */
interface Point {
  readonly invoked: number;
  /** Infinity for what was never acknowledged. */
  readonly returned: number;
  readonly revision: number;
  /** Writes must be newer than all before them; reads may be as new. */
  readonly write: boolean;
  readonly what: string;
}

export function checkOrder(history: History, findings: Findings): void {
  const revisions = revisionsOf(history, findings);
  for (const [key, points] of pointsByKey(history, revisions))
    for (const [point, floor] of violations(points))
      findings.add(
        point.write ? "disorder" : "stale-read",
        `${key}: ${point.what} has revision ${point.revision} after ${floor} had been seen`,
      );
  const told = [...history.writes, ...history.reads].flatMap(({ client, invoked, returned, seen }) =>
    seen === undefined ? [] : [{ invoked, returned, revision: seen, write: false, what: `the answer to ${client}` }],
  );
  for (const [point, floor] of violations(told))
    findings.add("revision-decreased", `${point.what} tells revision ${point.revision} after ${floor} had been told`);
}

/** The revision of each value, wherever it was seen. A value at two revisions was written twice. */
function revisionsOf(history: History, findings: Findings): Map<string, number> {
  const revisions = new Map<string, number>();
  const values = new Set(history.writes.map(({ value }) => value));
  const initial = new Map(history.initial.map((entry) => [entry.key, entry]));
  const note = (key: string, value: string | undefined, revision: number | undefined, where: string): void => {
    if (value === undefined || revision === undefined) return;
    if (initial.get(key)?.value === value) {
      if (initial.get(key)?.revision !== revision)
        findings.add("written-twice", `${where} has ${key}'s first value at revision ${revision}`);
      return;
    }
    if (!values.has(value)) {
      findings.add("foreign-value", `${where} has ${value} in ${key}, which nobody wrote`);
      return;
    }
    const known = revisions.get(value);
    if (known === undefined) revisions.set(value, revision);
    else if (known !== revision)
      findings.add("written-twice", `${where} has ${value} at revision ${revision}; elsewhere it is ${known}`);
  };
  for (const write of history.writes)
    for (const key of write.keys) note(key, write.value, write.revision, "an acknowledgement");
  for (const read of history.reads) note(read.key, read.value, read.revision, "a read");
  for (const watch of history.watches)
    for (const { key, value, revision } of watch.events)
      if (value === undefined) findings.add("foreign-value", `${key} was deleted at revision ${revision} by nobody`);
      else note(key, value, revision, "a watch");
  for (const entry of history.final ?? []) note(entry.key, entry.value, entry.revision, "the end");
  return revisions;
}

function pointsByKey(history: History, revisions: ReadonlyMap<string, number>): Map<string, Point[]> {
  const keys = new Map<string, Point[]>();
  const add = (key: string, point: Point): void => {
    const known = keys.get(key);
    if (known === undefined) keys.set(key, [point]);
    else known.push(point);
  };
  for (const { keys: written, value, invoked, returned, revision: acknowledged, client } of history.writes) {
    const revision = acknowledged ?? revisions.get(value);
    const end = acknowledged === undefined ? Number.POSITIVE_INFINITY : returned;
    if (revision === undefined) continue;
    for (const key of written)
      add(key, { invoked, returned: end, revision, write: true, what: `${client}'s write of ${value}` });
  }
  for (const { key, value, revision, invoked, returned, client } of history.reads) {
    if (revision === undefined) continue;
    add(key, { invoked, returned, revision, write: false, what: `${client}'s read of ${value ?? "nothing"}` });
  }
  for (const { key, revision } of history.initial)
    add(key, { invoked: -2, returned: -1, revision, write: true, what: "the first value" });
  return keys;
}

/** Every operation that is older than what had been seen before it began, with the revision that had been seen. */
function* violations(points: readonly Point[]): Generator<[Point, number]> {
  const ended = points.toSorted((one, other) => one.returned - other.returned);
  let floor = 0;
  let next = 0;
  for (const point of points.toSorted((one, other) => one.invoked - other.invoked)) {
    for (let before = ended[next]; before !== undefined && before.returned < point.invoked; before = ended[next]) {
      floor = Math.max(floor, before.revision);
      next += 1;
    }
    if (point.write ? point.revision <= floor : point.revision < floor) yield [point, floor];
  }
}
