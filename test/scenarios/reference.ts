/** How a cluster stands when nothing went wrong, to compare with. */
import type { Facts } from "../../src/observe/facts.js";
import { attempt, factsNow } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import type { Spec } from "../../src/spec/spec.js";

/** Who leads is chance; everything else is not. */
export function withoutLeader(facts: Facts): Facts {
  return {
    ...facts,
    members: Object.fromEntries(
      Object.entries(facts.members).map(([name, member]) => [name, { ...member, leader: false }]),
    ),
  };
}

export async function formedFacts(
  spec: Spec,
): Promise<{ readonly facts: Facts; readonly boundaries: number; readonly actions: number }> {
  const world = new FakeWorld(spec);
  const { boundaries } = await attempt(world);
  const actions = world.machines.reduce((sum, machine) => sum + machine.actions, 0);
  return { facts: withoutLeader(await factsNow(world)), boundaries, actions };
}
