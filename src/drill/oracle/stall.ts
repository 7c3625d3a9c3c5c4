/** The longest times without an acknowledged write. */
import type { History, Interval } from "../history.js";
import { changeName, controlName, type Comparison, type IntervalFigures, type Stall } from "../verdict.js";

/** A time without an acknowledgement, of all writers or of one. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Gaps {
  readonly all: readonly Gap[];
  readonly writers: readonly (readonly Gap[])[];
}

export function gapsOf({ writers, writes, endedAt }: History): Gaps {
  const between = (own: History["writes"], end: number): Gap[] => {
    const acknowledged = own.filter(({ revision, returned }) => revision !== undefined && returned <= end);
    const ends = acknowledged.map(({ returned }) => returned).sort((one, other) => one - other);
    return [...ends, end].map((to, index) => ({ from: ends[index - 1] ?? 0, to }));
  };
  return {
    all: between(writes, endedAt),
    writers: writers.map((writer) => {
      const own = writes.filter(({ client }) => client === writer);
      return between(own, Math.max(endedAt, own.at(-1)?.returned ?? 0));
    }),
  };
}

/** Gaps that touch one of the intervals, whole: what a change causes may end after it. */
export function stallIn(gaps: Gaps, intervals: readonly Pick<Interval, "from" | "to">[]): Stall {
  const touching = (list: readonly Gap[]): Gap[] =>
    list.filter((gap) => intervals.some(({ from, to }) => gap.to > from && gap.from < to));
  const longest = (list: readonly Gap[]): Gap =>
    list.reduce((most, gap) => (gap.to - gap.from > most.to - most.from ? gap : most), { from: 0, to: 0 });
  const all = longest(touching(gaps.all));
  const writer = longest(gaps.writers.map((list) => longest(touching(list))));
  return { longest: all.to - all.from, at: all.from, writer: writer.to - writer.from };
}

export function intervalFigures(history: History, gaps: Gaps): IntervalFigures[] {
  return [...new Set(history.intervals.map(({ name }) => name))].map((name) => {
    const intervals = history.intervals.filter((interval) => interval.name === name);
    const inside = (at: number): boolean => intervals.some(({ from, to }) => at >= from && at <= to);
    const during = history.writes.filter(({ returned }) => inside(returned));
    const operations = [...during, ...history.reads.filter(({ returned }) => inside(returned))];
    return {
      name,
      length: lengthOf(intervals),
      writes: during.filter(({ revision }) => revision !== undefined).length,
      failed: operations.filter(({ failure }) => failure !== undefined).length,
      stall: stallIn(gaps, intervals),
    };
  });
}

const lengthOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0);

/** A control interval may be this much shorter than the change, as timers are not exact. */
const shortest = 0.95;

/**
 * The change against as much control time: the longest of many gaps grows with the time that one waits for it, so what
 * there is more of is cut off. Gaps that touch the change are not the control's.
 */
export function compare(history: History, gaps: Gaps): Comparison | undefined {
  const named = (name: string): Interval[] => history.intervals.filter((interval) => interval.name === name);
  const [changes, controls] = [named(changeName), named(controlName)];
  const wanted = lengthOf(changes);
  if (wanted === 0 || lengthOf(controls) < wanted * shortest) return undefined;
  const change = stallIn(gaps, changes);
  const apart = (list: readonly Gap[]): Gap[] =>
    list.filter((gap) => !changes.some(({ from, to }) => gap.to > from && gap.from < to));
  const control = stallIn({ all: apart(gaps.all), writers: gaps.writers.map(apart) }, cut(controls, wanted));
  if (control.longest === 0 || control.writer === 0) return undefined;
  return { change, control, ratio: change.longest / control.longest, writerRatio: change.writer / control.writer };
}

/** The first so many milliseconds of the intervals together. */
function cut(intervals: readonly Interval[], length: number): Interval[] {
  let left = length;
  return intervals.flatMap((interval) => {
    const to = Math.min(interval.to, interval.from + left);
    left -= to - interval.from;
    return to > interval.from ? [{ ...interval, to }] : [];
  });
}
