/** How a figure is made: our runs and the anchor's take turns, in one process and in the same minutes. */

/**
 * What a figure compares: our time as a multiple of the anchor's, or how much longer ours takes; or a plain time or
 * count, without an anchor.
 */
export type Kind = "ratio" | "difference" | "time" | "count";

export interface Figure {
  readonly name: string;
  readonly kind: Kind;
  /** Milliseconds (or the count itself) of every run. */
  readonly ours: readonly number[];
  /** Milliseconds of every run of the anchor; empty for a plain time or count. */
  readonly anchor: readonly number[];
  /** The median must not exceed this: a factor, milliseconds, or a count. */
  readonly limit: number;
  /** What ours and the anchor are, in words. */
  readonly what: string;
}

export interface Judged extends Figure {
  readonly value: number;
  readonly worstPair: number;
  readonly passed: boolean;
}

/** Run both sides `runs` times, each going first every other time. */
export async function takeTurns(
  runs: number,
  ours: () => Promise<number>,
  anchor: () => Promise<number>,
): Promise<{ ours: number[]; anchor: number[] }> {
  const taken = { ours: [] as number[], anchor: [] as number[] };
  for (let round = 0; round < runs; round += 1) {
    const sides = round % 2 === 0 ? (["anchor", "ours"] as const) : (["ours", "anchor"] as const);
    for (const side of sides) taken[side].push(await (side === "ours" ? ours() : anchor()));
  }
  return taken;
}

/** Milliseconds that something takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
}

/** The middle of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("no median of nothing");
  return (low + high) / 2;
}

/** Compare the medians, and every pair of one round. */
export function judge(figure: Figure): Judged {
  const compare = (our: number, anchor: number): number =>
    figure.kind === "ratio" ? our / anchor : figure.kind === "difference" ? our - anchor : our;
  const value = compare(median(figure.ours), figure.anchor.length === 0 ? 0 : median(figure.anchor));
  const pairs = figure.ours.map((our, round) => compare(our, figure.anchor[round] ?? 0));
  return { ...figure, value, worstPair: Math.max(...pairs), passed: value <= figure.limit };
}
