/** `quorate advise`: what is wrong or risky with the cluster now. */
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

export const advise: Verb = {
  declare(command) {
    declareSecrets(command);
    examples(command, [
      ["quorate advise", "what is wrong or risky, why, what to do, and where that is written"],
      ["quorate advise --json", "the same as data"],
    ]);
    command.addHelpText("after", "\nExit codes: 0 nothing but notes, 3 something to do.");
  },

  async run(session, _args, options: SecretOptions) {
    const [{ inWorld }, { adviceOf }, { isPressing }] = await Promise.all([
      import("../world.js"),
      import("../../advice-of.js"),
      import("../../advise/advise.js"),
    ]);
    return inWorld(session, options, async (spec, world) => {
      const all = await adviceOf(spec, world);
      if (session.json) session.answer({ cluster: spec.name, advice: all });
      else {
        const { adviceLines } = await import("../../render/advice-text.js");
        session.say(...adviceLines(all, session.page));
      }
      return isPressing(all) ? exit.degraded : exit.done;
    });
  },
};
