/** `quorate destroy`: nothing of the cluster stays but the records of what was done. */
import { ask } from "../ask.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit, type Session } from "../session.js";
import { examples, type Verb } from "../verb.js";
import { QuorateError } from "../../errors.js";
import type { Spec } from "../../spec/spec.js";

interface DestroyOptions extends SecretOptions {
  readonly yes?: boolean;
  readonly name?: string;
  readonly stealLock?: boolean;
}

export const destroy: Verb = {
  declare(command) {
    command
      .option("-y, --yes", "do not ask; needs --name")
      .option("--name <cluster>", "the cluster's name, to be sure that it is this one")
      .option("--steal-lock", "take the lock from whoever holds it");
    declareSecrets(command);
    examples(command, [
      ["quorate destroy", "asks for the cluster's name to be typed"],
      ["quorate destroy --yes --name etcd-cluster", "for scripts"],
    ]);
  },

  async run(session, _args, options: DestroyOptions) {
    const [{ inWorld }, { carryOut }] = await Promise.all([import("../world.js"), import("../carry-out.js")]);
    return inWorld(session, options, async (spec, world) => {
      const { plan, report, code } = await carryOut(session, spec, world, {
        ...{ goal: "absent", command: "quorate destroy", steal: options.stealLock ?? false },
        consent: () => consent(session, spec, options),
      });
      const gone = code === exit.done && (report !== undefined || plan.stages.length === 0);
      if (gone && report === undefined) await consent(session, spec, options);
      if (gone) await world.ledger.forget();
      if (gone && !session.json)
        session.say(`Nothing of ${spec.name} is left; what was done is still in \`quorate log\`.`);
      return code;
    });
  },
};

/** @throws QuorateError E_NOT_CONFIRMED */
async function consent(session: Session, spec: Spec, { yes, name }: DestroyOptions): Promise<void> {
  if (name !== undefined && name !== spec.name) {
    throw new QuorateError("E_NOT_CONFIRMED", `the file is about ${spec.name}, not ${name}; nothing was changed`, {
      expected: spec.name,
      found: name,
    });
  }
  if (yes === true && name === spec.name) return;
  if (yes === true || !session.terminal.interactive || session.json) {
    throw new QuorateError("E_NOT_CONFIRMED", "nobody typed the cluster's name, so nothing was changed", {
      next: `give --yes --name ${spec.name}`,
    });
  }
  const typed = await ask(session, `This removes ${spec.name} with all its data. Type its name to go on: `);
  if (typed.trim() !== spec.name)
    throw new QuorateError("E_NOT_CONFIRMED", "that is not its name, so nothing was changed", { expected: spec.name });
}
