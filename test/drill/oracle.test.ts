/** Negative controls: a verdict that cannot go red is worth nothing. */
import { describe, expect, it } from "vitest";
import type { History } from "../../src/drill/history.js";
import { judge } from "../../src/drill/oracle/judge.js";
import type { FindingKind, Verdict } from "../../src/drill/verdict.js";
import { soundHistory, spoil, step } from "./sample-history.js";

const kinds = (verdict: Verdict): FindingKind[] => verdict.findings.map(({ kind }) => kind).sort();

/** @returns the kinds of what is wrong with a sound history after `change`. */
function after(change: (history: ReturnType<typeof soundHistory>) => void): { verdict: Verdict; kinds: FindingKind[] } {
  const history = soundHistory();
  change(history);
  const verdict = judge(history as History);
  return { verdict, kinds: kinds(verdict) };
}

const own = "p/w1/0";
const valueOf = (sequence: number, writer = "w1"): string => `${String(sequence).padStart(10, "0")}.${writer}`;

describe("a sound history", () => {
  it("holds, and is counted", () => {
    const { verdict } = after(() => undefined);
    expect(verdict).toMatchObject({ outcome: "held", findings: [], writes: 60, reads: 60, failed: 0, lost: 0 });
    expect(verdict.watchEvents).toBe(60 + 20);
  });

  it("still holds when a write that failed was carried out after all", () => {
    const { verdict } = after((history) => {
      spoil(
        history.writes,
        ({ value }) => value === valueOf(30, "w2"),
        (write) => ({ ...write, revision: undefined, seen: undefined, failure: "no answer", retries: [] }),
      );
    });
    expect(verdict).toMatchObject({ failed: 1, lost: 0 });
    expect(kinds(verdict)).toEqual(["failed-request"]);
  });

  it("survives JSON", () => {
    const history = soundHistory() as History;
    expect(judge(JSON.parse(JSON.stringify(history)) as History)).toEqual(judge(history));
  });
});

describe("goes red for", () => {
  it("an acknowledged write that was taken back at the end", () => {
    const { verdict, kinds: found } = after((history) =>
      spoil(
        history.final ?? [],
        ({ key }) => key === own,
        (entry) => ({ ...entry, value: valueOf(29), revision: entry.revision - 2, version: entry.version - 1 }),
      ),
    );
    expect(verdict).toMatchObject({ outcome: "broken", lost: 1 });
    expect(found).toContain("lost-write");
  });

  it("an acknowledged write that vanished in the middle, though the last one is there", () => {
    const { verdict } = after((history) =>
      spoil(
        history.final ?? [],
        ({ key }) => key === own,
        (entry) => ({ ...entry, version: entry.version - 2 }),
      ),
    );
    expect(verdict).toMatchObject({ outcome: "broken", lost: 2 });
    expect(kinds(verdict)).toEqual(["lost-write"]);
  });

  it("a key that is gone with everything in it", () => {
    const { verdict } = after((history) =>
      spoil(
        history.final ?? [],
        ({ key }) => key === own,
        () => undefined,
      ),
    );
    expect(verdict.lost).toBe(31);
  });

  it("keys that cannot be read at the end", () => {
    const { kinds: found } = after((history) => (history.final = undefined));
    expect(found).toEqual(["unreadable"]);
  });

  it("a read of what was overwritten before it began", () => {
    const { verdict } = after((history) =>
      spoil(
        history.reads,
        ({ key, value }) => key === own && value === valueOf(21),
        (read) => ({ ...read, value: valueOf(20), revision: (read.revision ?? 0) - 2 }),
      ),
    );
    expect(kinds(verdict)).toEqual(["stale-read"]);
    expect(verdict.outcome).toBe("broken");
  });

  it("two reads of which the later goes back, though the write was never acknowledged", () => {
    const { kinds: found } = after((history) => {
      const failed = { revision: undefined, seen: undefined, failure: "no answer" };
      spoil(
        history.writes,
        ({ value }) => value === valueOf(30),
        (write) => ({ ...write, ...failed, returned: 9_999 }),
      );
      const last = history.reads.find(({ key, value }) => key === own && value === valueOf(29));
      const seen = { client: "r1", key: own, value: valueOf(30), revision: 69 };
      const [early, late] = [history.endedAt - 10, history.endedAt - 5];
      if (last === undefined) throw new Error("nobody read it");
      history.reads.push({ ...seen, invoked: early, returned: early + 1, seen: 70 });
      history.reads.push({ ...last, invoked: late, returned: late + 1, seen: 70 });
    });
    expect(found).toEqual(["failed-request", "stale-read"]);
  });

  it("a read of a value from the future", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.reads,
        ({ key, value }) => key === own && value === valueOf(21),
        (read) => ({ ...read, value: valueOf(22), revision: (read.revision ?? 0) + 2 }),
      ),
    );
    expect(found).toEqual(["disorder"]);
  });

  it("a value that nobody wrote", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.reads,
        ({ key }) => key === own,
        (read) => ({ ...read, value: "0000000007.w9" }),
      ),
    );
    expect(found).toContain("foreign-value");
  });

  it("one write that took place twice", () => {
    const { kinds: found } = after((history) => {
      spoil(
        history.final ?? [],
        ({ key }) => key === own,
        (entry) => ({ ...entry, value: valueOf(30), revision: 90, version: entry.version + 1 }),
      );
    });
    expect(found).toContain("written-twice");
  });

  it("a store whose revision goes back", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.reads,
        ({ invoked }) => invoked > 500,
        (read) => ({ ...read, seen: 12 }),
      ),
    );
    expect(found).toEqual(["revision-decreased"]);
  });

  it("a watch that misses a write", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.watches,
        ({ prefix }) => prefix === "p/w1/",
        (watch) => ({ ...watch, events: watch.events.filter((_, index) => index !== 12) }),
      ),
    );
    expect(found).toEqual(["watch-lost"]);
  });

  it("a watch that tells a write twice", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.watches,
        ({ prefix }) => prefix === "p/w1/",
        (watch) => ({
          ...watch,
          events: watch.events.flatMap((event, index) => (index === 12 ? [event, event] : [event])),
        }),
      ),
    );
    expect(found).toEqual(["watch-twice"]);
  });

  it("a watch that tells two writes the wrong way round", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.watches,
        ({ prefix }) => prefix === "p/w1/",
        (watch) => ({ ...watch, events: watch.events.toSpliced(3, 2, ...watch.events.slice(3, 5).toReversed()) }),
      ),
    );
    expect(found).toEqual(["watch-disorder"]);
  });

  it("a watch that sees a key deleted", () => {
    const { kinds: found } = after((history) =>
      spoil(
        history.watches,
        ({ prefix }) => prefix === "p/w1/",
        (watch) => ({ ...watch, events: [...watch.events, { key: own, revision: 99 }] }),
      ),
    );
    expect(found).toEqual(["foreign-value"]);
  });

  it("a lease that ran out", () => {
    expect(after((history) => history.leases.push({ keepAlives: 1, failure: "not found" })).kinds).toEqual([
      "lease-lost",
    ]);
  });

  it("a request that failed", () => {
    const { verdict } = after((history) =>
      spoil(
        history.reads,
        ({ key }) => key === own,
        ({ client, key, invoked, returned }) => ({ client, key, invoked, returned, failure: "no answer" }),
      ),
    );
    expect(verdict).toMatchObject({ outcome: "broken", failed: 1 });
  });
});

describe("is void for", () => {
  it("a writer that hardly wrote", () => {
    const { verdict, kinds: found } = after((history) => history.writers.push("w3"));
    expect([verdict.outcome, found]).toEqual(["void", ["little-load"]]);
  });

  it("a change that was over before anybody wrote", () => {
    const { verdict } = after((history) => history.intervals.push({ name: "change", from: 100, to: 100 + step }));
    expect(verdict.outcome).toBe("void");
  });

  it("clients that stopped early", () => {
    expect(after((history) => (history.full = true)).verdict.outcome).toBe("void");
  });

  it("nothing at all", () => {
    const { verdict } = after((history) => {
      Object.assign(history, { writers: [], readers: [], writes: [], reads: [], watches: [], final: history.initial });
    });
    expect(verdict.outcome).toBe("void");
  });
});
