/** What the verbs that look after the database share: options, the closer look, the question. */
import type { Command } from "commander";
import { QuorateError } from "../errors.js";
import type { CloserLook } from "../look-closer.js";
import type { Goal } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { demandConsent } from "./ask.js";
import type { Carried } from "./carry-out.js";
import { declareSecrets, type SecretOptions } from "./secrets.js";
import type { Session } from "./session.js";

export interface UpkeepOptions extends SecretOptions {
  readonly yes?: boolean;
  readonly stealLock?: boolean;
  readonly acceptDowntime?: boolean;
}

export interface UpkeepErrand {
  readonly goal: Goal;
  /** As the operator typed it, without the options common to all. */
  readonly command: string;
  readonly question: CloserLook;
  /** What the operator is asked once the plan has been shown. */
  readonly consent: (cluster: string) => string;
  /** Told after a good end. */
  readonly ended?: (spec: Spec, world: World, carried: Carried) => Promise<number | undefined>;
}

/** @param pauses members pause, so that downtime may have to be accepted */
export function declareUpkeep(command: Command, { pauses = false } = {}): void {
  command.option("-y, --yes", "do not ask");
  if (pauses) command.option("--accept-downtime", "go on although no other member can stand in meanwhile");
  command.option("--steal-lock", "take the lock from whoever holds it");
  declareSecrets(command);
}

export async function runUpkeep(session: Session, options: UpkeepOptions, errand: UpkeepErrand): Promise<number> {
  const [{ inWorld }, { carryOut }, { lookCloser }] = await Promise.all([
    import("./world.js"),
    import("./carry-out.js"),
    import("../look-closer.js"),
  ]);
  return inWorld(session, options, async (spec, world) => {
    const carried = await carryOut(session, spec, world, {
      goal: errand.goal,
      command: [errand.command, ...(options.yes === true ? ["--yes"] : [])].join(" "),
      steal: options.stealLock ?? false,
      planning: { downtime: options.acceptDowntime ?? false },
      closer: (looked) => lookCloser(looked, world, errand.question),
      consent: async (plan) => {
        if (options.yes !== true) await demandConsent(session, errand.consent(plan.cluster));
      },
    });
    return (carried.code === 0 ? await errand.ended?.(spec, world, carried) : undefined) ?? carried.code;
  });
}

/** @returns a count of revisions, or a revision @throws QuorateError E_USAGE */
export function revisions(text: string | undefined, flag: string): bigint | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new QuorateError("E_USAGE", `${flag} ${text} is not a whole number`, {
    expected: "digits only, for example 1000",
    found: text,
  });
}
