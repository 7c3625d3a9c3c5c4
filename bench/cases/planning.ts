/** What a plan costs. Planning reaches nothing outside, so its own CPU is all that there is to measure. */
import type { Case } from "../cases.js";
import { cpu } from "../../test/proof/proof.js";
import { costly, planSeven, worldOfSeven } from "../../test/proof/seven.js";

export const planning: Case = {
  name: "planning",
  title: "a plan for seven members, CPU",
  needsLab: false,
  runs: 15,
  async measure(runs) {
    return costly.map((change) => {
      const ours = Array.from({ length: runs }, () => {
        const world = worldOfSeven(change);
        const begin = cpu();
        planSeven(world);
        return cpu() - begin;
      });
      const name = `planning-${change.replaceAll(" ", "-")}`;
      return {
        name,
        kind: "time",
        limit: 50,
        ours,
        anchor: [],
        what: `milliseconds of CPU for a plan: ${change}, seven members`,
      };
    });
  },
};
