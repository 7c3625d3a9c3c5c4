/** Everything that is measured, in the order in which it is run. */
import type { Figure } from "./measure.js";
import { defragment } from "./cases/defragment.js";
import { formation } from "./cases/formation.js";
import { health } from "./cases/health.js";
import { help } from "./cases/help.js";
import { hosts } from "./cases/hosts.js";
import { planning } from "./cases/planning.js";
import { renew } from "./cases/renew.js";
import { replace } from "./cases/replace.js";
import { rolling } from "./cases/rolling.js";
import { scaling } from "./cases/scaling.js";

export interface Case {
  readonly name: string;
  readonly title: string;
  /** Root and the packages of the lab. */
  readonly needsLab: boolean;
  /** Runs of each side, unless the command line says otherwise. */
  readonly runs: number;
  measure(runs: number): Promise<readonly Figure[]>;
}

export const cases: readonly Case[] = [
  help,
  formation,
  health,
  planning,
  rolling,
  replace,
  renew,
  defragment,
  hosts,
  scaling,
];
