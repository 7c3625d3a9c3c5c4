/** What is wrong or risky with a cluster now. Pure: the same cluster gets the same advice, the gravest first. */
import type { Advice, Judge } from "./advice.js";
import type { AdvisedCluster } from "./input.js";
import { database } from "./judges/database.js";
import { exposure } from "./judges/exposure.js";
import { quorumAndMembers } from "./judges/quorum.js";
import { settings } from "./judges/settings.js";
import { timing } from "./judges/timing.js";
import { upkeep } from "./judges/upkeep.js";
import { versions } from "./judges/versions.js";

export type { Advice } from "./advice.js";

const judges: readonly Judge[] = [quorumAndMembers, database, exposure, settings, timing, upkeep, versions];
const order: readonly Advice["severity"][] = ["critical", "warn", "note"];

export const advise = (cluster: AdvisedCluster): Advice[] =>
  judges.flatMap((judge) => judge(cluster)).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

/** Whether somebody should do something. */
export const isPressing = (all: readonly Advice[]): boolean => all.some(({ severity }) => severity !== "note");
