/** `quorate compact`: forget superseded revisions. */
import { QuorateError } from "../../errors.js";
import { declareUpkeep, revisions, runUpkeep, type UpkeepOptions } from "../upkeep-verb.js";
import { examples, type Verb } from "../verb.js";

interface CompactOptions extends UpkeepOptions {
  readonly keep?: string;
  readonly revision?: string;
}

/** Watchers that were away for a moment find their place again. */
const usualKeep = 1000n;

export const compact: Verb = {
  declare(command) {
    command
      .option("--keep <revisions>", `how much history stays, counted from the newest revision (default: ${usualKeep})`)
      .option("--revision <revision>", "forget what was superseded before this revision, which can still be read");
    declareUpkeep(command);
    examples(command, [
      ["quorate compact", "keep the newest 1000 revisions"],
      ["quorate compact --keep 0", "keep no history at all"],
      ["quorate compact --revision 81234", "up to there"],
    ]);
    command.addHelpText(
      "after",
      "\nFiles do not become smaller by it: what was freed is used again, or given back by `quorate defrag`.",
    );
  },

  async run(session, _args, options: CompactOptions) {
    const [keep, revision] = [revisions(options.keep, "--keep"), revisions(options.revision, "--revision")];
    if (keep !== undefined && revision !== undefined)
      throw new QuorateError("E_USAGE", "--keep and --revision say the same thing in two ways; give one of them");
    return runUpkeep(session, options, {
      goal: "compacted",
      command: commandLine(options),
      question: revision === undefined ? { keep: keep ?? usualKeep } : { revision },
      consent: (cluster) => `Forget this history of ${cluster}? Nobody can read it or watch from it any more.`,
    });
  },
};

const commandLine = ({ keep, revision }: CompactOptions): string =>
  [
    "quorate compact",
    ...(keep === undefined ? [] : [`--keep ${keep}`]),
    ...(revision === undefined ? [] : [`--revision ${revision}`]),
  ].join(" ");
