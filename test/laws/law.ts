import fc from "fast-check";

/** How often a law is tried. QUORATE_LAW_RUNS makes it more, QUORATE_LAW_SEED repeats a run whose seed was printed. */
const runs = Number(process.env["QUORATE_LAW_RUNS"] ?? 300);
const seed = process.env["QUORATE_LAW_SEED"];

const parameters = <T>(share: number, examples: readonly T[]): fc.Parameters<[T]> => ({
  numRuns: Math.max(1, Math.round(runs * share)) + examples.length,
  examples: examples.map((example): [T] => [example]),
  ...(seed !== undefined && { seed: Number(seed) }),
});

/** Fails with the seed and the smallest counterexample. @param share of the usual number of runs, for costly laws */
export function law<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, share = 1): void {
  fc.assert(fc.property(arbitrary, holds), parameters<T>(share, []));
}

/** @param examples tried before anything else, so that no run can miss them */
export async function lawAsync<T>(
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
  share = 1,
  examples: readonly T[] = [],
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, holds), parameters<T>(share, examples));
}
