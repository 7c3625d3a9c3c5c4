/**
 * Is every acknowledged write there at the end? A key's version counts all writes to it, so one read of it at the end
 * tells whether any of them is missing, not only the last.
 */
import type { History, Stored, Write } from "../history.js";
import type { Findings } from "./findings.js";

export function checkDurability(history: History, findings: Findings): void {
  const { final } = history;
  if (final === undefined) {
    findings.add("unreadable", "the keys could not be read at the end");
    return;
  }
  const stored = new Map(final.map((entry) => [entry.key, entry]));
  for (const [key, writes] of writesByKey(history)) checkKey(key, writes, stored.get(key), findings);
}

interface KeyWrites {
  /** Before the first operation, and acknowledged ones. */
  readonly kept: { readonly value: string; readonly revision: number }[];
  readonly open: Write[];
}

function writesByKey({ initial, writes }: History): Map<string, KeyWrites> {
  const keys = new Map<string, KeyWrites>();
  const of = (key: string): KeyWrites => {
    const known = keys.get(key) ?? { kept: [], open: [] };
    keys.set(key, known);
    return known;
  };
  for (const entry of initial) of(entry.key).kept.push(entry);
  for (const write of writes)
    for (const key of write.keys)
      if (write.revision === undefined) of(key).open.push(write);
      else of(key).kept.push({ value: write.value, revision: write.revision });
  return keys;
}

function checkKey(key: string, { kept, open }: KeyWrites, found: Stored | undefined, findings: Findings): void {
  const last = kept.reduce((latest, entry) => (entry.revision > latest.revision ? entry : latest), {
    value: "",
    revision: 0,
  });
  if (found === undefined) {
    if (kept.length > 0) findings.add("lost-write", `${key} is gone; ${kept.length} writes to it`, kept.length);
    return;
  }
  const missing = kept.length - found.version;
  const older = found.revision < last.revision;
  const other = found.revision === last.revision && found.value !== last.value;
  if (missing > 0 || older || other) {
    const holds = `${key} holds ${found.value} of revision ${found.revision} after ${found.version} writes`;
    const acknowledged = `acknowledged: ${last.value} of revision ${last.revision} after ${kept.length}`;
    findings.add("lost-write", `${holds}; ${acknowledged}`, Math.max(1, missing));
  }
  const surplus = found.version - kept.length - open.length;
  if (surplus > 0) findings.add("written-twice", `${key} was written ${surplus} times more often than asked`, surplus);
}
