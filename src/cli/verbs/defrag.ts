/** `quorate defrag`: give back what is free in the members' database files. */
import { declareUpkeep, runUpkeep, type UpkeepOptions } from "../upkeep-verb.js";
import { examples, type Verb } from "../verb.js";

interface DefragOptions extends UpkeepOptions {
  readonly force?: boolean;
}

export const defrag: Verb = {
  declare(command) {
    command.option("--force", "every member, worth it or not, whatever is known of its version");
    declareUpkeep(command, { pauses: true });
    examples(command, [
      ["quorate defrag", "members for which it is worth a pause, one at a time, the leader last"],
      ["quorate defrag --force", "all members"],
    ]);
    command.addHelpText(
      "after",
      "\nIt is worth it when more than 45 % of a file is free, and the file is larger than 100 MiB or near its quota.",
    );
  },

  run: (session, _args, options: DefragOptions) =>
    runUpkeep(session, options, {
      goal: "defragmented",
      command: options.force === true ? "quorate defrag --force" : "quorate defrag",
      question: { force: options.force ?? false },
      consent: (cluster) => `Defragment ${cluster}? Each member in its turn answers nobody for a moment.`,
    }),
};
