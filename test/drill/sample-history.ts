/** A history in which nothing is wrong, and ways to spoil it. */
import type { History, Read, Stored, WatchRecord, Write } from "../../src/drill/history.js";

type Loose<T> = T extends readonly (infer U)[] ? U[] : T;
type Mutable<T> = { -readonly [K in keyof T]: Loose<T[K]> };

const writers = ["w1", "w2"];
const readers = ["r1"];
const rounds = 30;
/** Milliseconds from one write to the next. */
export const step = 20;

/** Two writers with a key each, taking turns, and one reader; every third round writes the shared key too. */
export function soundHistory(): Mutable<History> {
  const keys = ["p/w1/0", "p/w2/0", "p/shared/register"];
  const initial = keys.map((key): Stored => ({ key, value: "0", revision: 10, version: 1 }));
  const writes: Write[] = [];
  const reads: Read[] = [];
  const stored = new Map(initial.map((entry) => [entry.key, entry]));
  let revision = 10;
  for (let round = 1; round <= rounds; round += 1)
    for (const [index, client] of writers.entries()) {
      const at = (round * 2 + index) * step;
      revision += 1;
      const value = `${String(round).padStart(10, "0")}.${client}`;
      const written = [`p/${client}/0`, ...(round % 3 === 0 ? ["p/shared/register"] : [])];
      writes.push({ client, keys: written, value, invoked: at, returned: at + 5, via: "a", seen: revision, revision });
      for (const key of written)
        stored.set(key, { key, value, revision, version: (stored.get(key)?.version ?? 0) + 1 });
      const key = round % 2 === 0 ? "p/shared/register" : `p/${client}/0`;
      const { value: held, revision: of } = stored.get(key) ?? { value: "", revision: 0 };
      reads.push({
        ...{ client: "r1", key, invoked: at + 8, returned: at + 12, via: "b" },
        ...{ seen: revision, value: held, revision: of },
      });
    }
  const watches = ["p/w1/", "p/w2/", "p/shared/"].map((prefix): WatchRecord => {
    const events = writes.flatMap(({ keys: written, value, revision: of }) =>
      written.filter((key) => key.startsWith(prefix)).map((key) => ({ key, value, revision: of ?? 0 })),
    );
    return { prefix, from: 11, events, resumed: 0 };
  });
  const endedAt = (rounds * 2 + 3) * step;
  return {
    ...{ format: 1, startedAt: "2030-01-01T00:00:00.000Z", endedAt, prefix: "p/", initial },
    ...{ writers: [...writers], readers: [...readers] },
    ...{ writes, reads, watches, leases: [{ keepAlives: 3 }], final: [...stored.values()], intervals: [], full: false },
  };
}

/** Replaces the operations for which the condition holds. @throws Error when there is none */
export function spoil<T>(list: T[], which: (entry: T) => boolean, how: (entry: T) => T | undefined): void {
  const index = list.findIndex(which);
  const entry = list[index];
  if (entry === undefined) throw new Error("there is nothing to spoil");
  const spoilt = how(entry);
  list.splice(index, 1, ...(spoilt === undefined ? [] : [spoilt]));
}
