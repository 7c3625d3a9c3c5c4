/** Worlds taken by chance, the same for the same seed. */
import { changes, type Change } from "./changes.js";
import { worldsOf, type World } from "./worlds.js";

/** Every n-th world of a size, beginning anywhere. */
export function* some(change: Change, size: number, every: number, offset = 0, orders = false): Generator<World> {
  let index = -(offset % every) - 1;
  for (const world of worldsOf(change, size, orders)) {
    index += 1;
    if (index % every === 0) yield world();
  }
}

export function* all(sizes: readonly number[], every = 1, seed = 0, orders = false): Generator<World> {
  for (const change of changes) for (const size of sizes) yield* some(change, size, every, seed, orders);
}
