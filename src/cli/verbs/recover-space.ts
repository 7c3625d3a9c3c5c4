/** `quorate recover-space`: what ends a NOSPACE alarm, in the one order that lasts. */
import { isNearlyFull } from "../../observe/database.js";
import { observeEndpoints } from "../../observe/observe.js";
import { exit } from "../session.js";
import { declareUpkeep, revisions, runUpkeep, type UpkeepOptions } from "../upkeep-verb.js";
import { examples, type Verb } from "../verb.js";

interface RecoverOptions extends UpkeepOptions {
  readonly keep?: string;
  readonly force?: boolean;
}

export const recoverSpace: Verb = {
  declare(command) {
    command
      .option("--keep <revisions>", "how much history stays, counted from the newest revision (default: 0)")
      .option("--force", "whatever is known of the members' version");
    declareUpkeep(command, { pauses: true });
    examples(command, [
      ["quorate recover-space", "compact, defragment every member, take back the alarm"],
      ["quorate recover-space --keep 1000", "and keep some history"],
    ]);
    command.addHelpText(
      "after",
      "\nUntil it is done, etcd takes no writes; reads and deletes go on.\n\nExit codes: 0 there is room again, 3 there is, and soon it will be full again, 1 trouble.",
    );
  },

  run: (session, _args, options: RecoverOptions) =>
    runUpkeep(session, options, {
      goal: "writable",
      command: "quorate recover-space",
      question: { keep: revisions(options.keep, "--keep") ?? 0n, force: options.force ?? false },
      consent: (cluster) => `Forget the history of ${cluster} and defragment it?`,
      async ended(spec, world, { report }) {
        if (report === undefined) return exit.done;
        if (!session.json) session.say(`${spec.name} takes writes again.`);
        const etcd = await observeEndpoints(spec, world);
        const close = spec.members.filter(({ name }) => {
          const endpoint = etcd[name];
          return endpoint?.state === "serving" && isNearlyFull(spec, endpoint.status);
        });
        if (close.length === 0) return exit.done;
        const names = close.map(({ name }) => name).join(", ");
        session.warn(
          `! What is in use has more than 80 % of the quota of ${names}: delete keys, or raise quota-backend-bytes in the file,`,
          "  or it is full again soon.",
        );
        return exit.degraded;
      },
    }),
};
