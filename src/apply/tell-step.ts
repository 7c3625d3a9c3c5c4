/** How a step ended, as events: every step that was begun ends in exactly one, also when another one went wrong. */
import { QuorateError } from "../errors.js";
import type { Facts } from "../observe/facts.js";
import { kindOf, type Step } from "../steps/kinds.js";
import type { World } from "../world.js";
import type { Emit, Failure } from "./events.js";
import { missing } from "./settle.js";
import type { Watcher } from "./watcher.js";

export interface Begun {
  /** Stage and position, for example "1.4". */
  readonly id: string;
  readonly step: Step;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

interface Telling {
  readonly world: World;
  readonly watcher: Watcher;
  readonly emit: Emit;
}

export function tellDone({ id, step, since }: Begun, { emit, world }: Telling): void {
  emit({ type: "step-done", step: id, member: step.member, milliseconds: world.clock.now() - since, already: false });
}

export function failureOf({ code, message, next, details: { found } }: QuorateError): Failure {
  return { code, message, next, ...(found !== undefined && found !== "" && { log: found.split("\n") }) };
}

/**
 * After a failure: what did take effect nevertheless, by one look at each member's host.
 * @param failures what is known to have failed; a bug of ours has no event and is thrown by whoever found it
 */
export async function tellRest(
  begun: readonly Begun[],
  failures: ReadonlyMap<Begun, unknown>,
  telling: Telling,
): Promise<void> {
  const { watcher, emit } = telling;
  const open = begun.filter((one) => !failures.has(one));
  await Promise.all([...new Set(open.map(({ step }) => step.member))].map((member) => watcher.look(member, "host")));
  if (open.some(({ step }) => missing(step, watcher.facts()).includes("auth")))
    await watcher.look(open[0]?.step.member ?? "", "auth");
  const facts = watcher.facts();
  for (const one of open) {
    if (isSeen(one.step, facts)) tellDone(one, telling);
    else tellFailed(one, unseen(one.step), emit);
  }
  for (const [one, error] of failures) if (error instanceof QuorateError) tellFailed(one, error, emit);
}

/** Of a start, the host's word is enough: whether the member serves depends on the others too. */
function isSeen(step: Step, facts: Facts): boolean {
  return !missing(step, facts).some((sight) => sight === "host" || kindOf(step).confirmLater !== true);
}

function tellFailed({ id, step }: Begun, error: QuorateError, emit: Emit): void {
  emit({ type: "step-failed", step: id, member: step.member, failure: failureOf(error) });
}

const unseen = (step: Step): QuorateError =>
  new QuorateError("E_NO_EFFECT", `the run ended before "${kindOf(step).title(step)}" was seen to have worked`, {
    where: step.member,
  });
