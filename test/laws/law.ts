import fc from "fast-check";

/** How often a law is tried. QUORATE_LAW_RUNS makes it more, QUORATE_LAW_SEED repeats a run whose seed was printed. */
const runs = Number(process.env["QUORATE_LAW_RUNS"] ?? 300);
const seed = process.env["QUORATE_LAW_SEED"];

const parameters = (share: number): fc.Parameters<unknown> => ({
  numRuns: Math.max(1, Math.round(runs * share)),
  ...(seed !== undefined && { seed: Number(seed) }),
});

/** Fails with the seed and the smallest counterexample. @param share of the usual number of runs, for costly laws */
export function law<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, share = 1): void {
  fc.assert(fc.property(arbitrary, holds), parameters(share) as fc.Parameters<[T]>);
}

export async function lawAsync<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>, share = 1): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, holds), parameters(share) as fc.Parameters<[T]>);
}
