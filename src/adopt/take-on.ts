/** Take the cluster over as it is: look at it through the file that describes it, and leave a note on every host. */
import { apply, type Report } from "../apply/apply.js";
import type { Listener } from "../apply/events.js";
import { refused, type Plan } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import { survey } from "../survey.js";
import type { World } from "../world.js";
import { acceptance } from "./accept.js";

export interface TakingOn {
  /** What the operator typed, for the lock and the journal. */
  readonly command: string;
  /** Text of the file that describes the cluster: what `undo` of the first change goes back to. */
  readonly file: string;
  readonly listen?: Listener;
  readonly signal?: AbortSignal;
  /** Asked when nothing is in the way. Throws when the operator does not want it. */
  readonly consent: () => Promise<void>;
}

/**
 * @returns no report when the plan was refused: it says why
 * @throws QuorateError as apply does
 */
export async function takeOn(
  spec: Spec,
  world: World,
  taking: TakingOn,
): Promise<{ plan: Plan; report: Report | undefined }> {
  const looked = await survey(spec, world);
  const plan = acceptance(spec, looked);
  if (refused(plan)) return { plan, report: undefined };
  await taking.consent();
  const { command, file, listen, signal } = taking;
  const report = await apply({
    ...{ spec, world, plan, command, file, versions: looked.versions },
    replan: async (seen) => acceptance(spec, { ...looked, seen }),
    ...(listen !== undefined && { listen }),
    ...(signal !== undefined && { signal }),
  });
  return { plan, report };
}
