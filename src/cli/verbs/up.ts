/** `quorate up`: make it so, and prove it. */
import { demandConsent } from "../ask.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { prove } from "../prove.js";
import { exit } from "../session.js";
import { declarePlanning, planningOf, planningWords, type PlanningFlags } from "../planning-flags.js";
import { examples, type Verb } from "../verb.js";

interface UpOptions extends SecretOptions, PlanningFlags {
  readonly yes?: boolean;
  readonly stealLock?: boolean;
}

export const up: Verb = {
  declare(command) {
    command
      .option("-y, --yes", "do not ask")
      .option("--steal-lock", "take the lock from whoever holds it; what they are doing is ended");
    declarePlanning(command);
    declareSecrets(command, { ca: "make" });
    examples(command, [
      ["quorate up", "show the plan, ask, do it, prove it"],
      ["quorate up --yes", "without asking, for scripts"],
      ["quorate up --yes --json", "one event per line, as JSON"],
      ["quorate up --move-aside etcd2", "rename a data directory that belongs to another cluster"],
    ]);
    command.addHelpText(
      "after",
      "\nExit codes: 0 all is as the file says, 1 trouble, 3 done in part (a host is away), 130 stopped by Ctrl-C.",
    );
  },

  async run(session, _args, options: UpOptions) {
    const [{ inWorld }, { carryOut }] = await Promise.all([import("../world.js"), import("../carry-out.js")]);
    return inWorld(session, { ...options, judge: true }, async (spec, world) => {
      const planning = planningOf(spec, options);
      const { code } = await carryOut(session, spec, world, {
        ...{ goal: "running", command: commandLine(options), planning, steal: options.stealLock ?? false },
        consent: async (plan) => {
          if (options.yes !== true) await demandConsent(session, `Do this to ${plan.cluster}?`);
        },
      });
      return code === exit.done || code === exit.degraded ? prove(session, spec, world, code) : code;
    });
  },
};

const commandLine = (options: UpOptions): string =>
  [
    "quorate up",
    ...(options.yes === true ? ["--yes"] : []),
    ...planningWords(options),
    ...(options.stealLock === true ? ["--steal-lock"] : []),
  ].join(" ");
