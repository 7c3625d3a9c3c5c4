/** `quorate rebuild MEMBER`: a member with wrong or broken data takes everything from the others anew. */
import { compareHashes } from "../../observe/hashes.js";
import { hashJson, hashLines } from "../../render/hash-lines.js";
import { exit } from "../session.js";
import { declareUpkeep, runUpkeep, type UpkeepOptions } from "../upkeep-verb.js";
import { examples, type Verb } from "../verb.js";

interface RebuildOptions extends UpkeepOptions {
  readonly force?: boolean;
}

export const rebuild: Verb = {
  declare(command) {
    command
      .argument("<member>", "its name in the cluster file")
      .option("--force", "also when nothing is known to be wrong with its data");
    declareUpkeep(command);
    examples(command, [
      ["quorate rebuild etcd2", "remove it, keep its data under another name, let it join again"],
      ["quorate hash-check", "find out which member it is"],
    ]);
    command.addHelpText(
      "after",
      "\nIt is done when a CORRUPT alarm or a comparison of hashes names the member, or when it does not serve; and only while\nthe others agree on their data.",
    );
  },

  run: (session, [member = ""], options: RebuildOptions) =>
    runUpkeep(session, options, {
      goal: "rebuilt",
      command: `quorate rebuild ${member}${options.force === true ? " --force" : ""}`,
      question: { rebuild: member, force: options.force ?? false },
      consent: (cluster) => `Remove ${member} from ${cluster} and let it join again, empty?`,
      async ended(spec, world, { report }) {
        if (report === undefined) return undefined;
        const compared = await compareHashes(spec, world.cluster, { sleep: (ms) => world.clock.sleep(ms) });
        if (session.json) session.event({ type: "hashes", ...hashJson(spec.name, compared) });
        else session.say("", ...hashLines(compared));
        return compared.verdict === "differ" ? exit.degraded : exit.done;
      },
    }),
};
