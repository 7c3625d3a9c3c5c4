/** Cold start of the command line against the cheapest program that node can run. */
import { tmpdir } from "node:os";
import { quorate } from "../as-installed.js";
import type { Case } from "../cases.js";
import { must } from "../../test/lab/execute.js";
import { takeTurns, timed } from "../measure.js";

export const help: Case = {
  name: "help",
  title: "quorate --help ÷ node -e 0",
  needsLab: false,
  runs: 31,
  async measure(runs) {
    const ours = async (): Promise<number> => (await quorate(tmpdir(), "--help")).took;
    const anchor = (): Promise<number> => timed(() => must([process.execPath, "-e", "0"]));
    const taken = await takeTurns(runs, ours, anchor);
    return [
      { name: "help", kind: "ratio", limit: 1.5, ...taken, what: "`quorate --help` ÷ `node -e 0`, whole processes" },
    ];
  },
};
