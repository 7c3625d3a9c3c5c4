/** `quorate stop`: every process ends; the data stays. */
import { demandConsent } from "../ask.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface StopOptions extends SecretOptions {
  readonly yes?: boolean;
  readonly stealLock?: boolean;
}

export const stop: Verb = {
  declare(command) {
    command.option("-y, --yes", "do not ask").option("--steal-lock", "take the lock from whoever holds it");
    declareSecrets(command);
    examples(command, [
      ["quorate stop", "one member after the other, the leader last"],
      ["quorate up", "start them again"],
    ]);
  },

  async run(session, _args, options: StopOptions) {
    const [{ inWorld }, { carryOut }] = await Promise.all([import("../world.js"), import("../carry-out.js")]);
    return inWorld(session, options, async (spec, world) => {
      const { report, code } = await carryOut(session, spec, world, {
        ...{ goal: "stopped", command: "quorate stop", steal: options.stealLock ?? false },
        consent: async (plan) => {
          if (options.yes !== true) await demandConsent(session, `Stop ${plan.cluster}? It serves nobody then.`);
        },
      });
      if (report !== undefined && code === exit.done && !session.json)
        session.say(`Every member of ${spec.name} is stopped. Its data is kept; \`quorate up\` starts it again.`);
      return code;
    });
  },
};
