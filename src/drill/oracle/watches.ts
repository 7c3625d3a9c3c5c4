/** Did every watcher see every acknowledged write under its prefix, once, and in order? */
import type { History, WatchRecord } from "../history.js";
import type { Findings } from "./findings.js";

export function checkWatches(history: History, findings: Findings): void {
  for (const watch of history.watches) {
    if (watch.failure !== undefined) findings.add("watch-failed", `${watch.prefix}: ${watch.failure}`);
    const seen = checkSequence(watch, findings);
    for (const { keys, value, revision } of history.writes) {
      if (revision === undefined || revision < watch.from) continue;
      for (const key of keys)
        if (key.startsWith(watch.prefix) && !seen.has(identity(key, revision)))
          findings.add("watch-lost", `${watch.prefix}: never saw ${value} in ${key} at revision ${revision}`);
    }
  }
}

const identity = (key: string, revision: number): string => `${revision} ${key}`;

/** @returns what was seen, by revision and key. */
function checkSequence({ prefix, events }: WatchRecord, findings: Findings): Set<string> {
  const seen = new Set<string>();
  let last = 0;
  for (const { key, revision } of events) {
    const name = identity(key, revision);
    if (seen.has(name)) findings.add("watch-twice", `${prefix}: saw ${key} at revision ${revision} twice`);
    else if (revision < last) findings.add("watch-disorder", `${prefix}: saw revision ${revision} after ${last}`);
    seen.add(name);
    last = Math.max(last, revision);
  }
  return seen;
}
