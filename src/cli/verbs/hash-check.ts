/** `quorate hash-check`: whether all members have the same data. A look; nothing is changed. */
import { compareHashes } from "../../observe/hashes.js";
import { hashJson, hashLines } from "../../render/hash-lines.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

export const hashCheck: Verb = {
  declare(command) {
    examples(command, [
      ["quorate hash-check", "hash every member's keys at one revision, and name the member that is alone"],
      ["quorate hash-check --json", "the same as data"],
    ]);
    command.addHelpText(
      "after",
      "\nExit codes: 0 all members have the same data, 3 they have not, 1 not all of them could be compared.",
    );
  },

  async run(session) {
    const { withCluster } = await import("../cluster-only.js");
    return withCluster(session, async ({ name, members, cluster }) => {
      const sleep = (milliseconds: number): Promise<void> =>
        new Promise((resolve) => setTimeout(resolve, milliseconds));
      const compared = await compareHashes({ members }, cluster, { sleep });
      if (session.json) session.answer(hashJson(name, compared));
      else if (compared.verdict === "equal") session.say(...hashLines(compared));
      else session.warn(...hashLines(compared));
      return { equal: exit.done, differ: exit.degraded, open: exit.trouble }[compared.verdict];
    });
  },
};
