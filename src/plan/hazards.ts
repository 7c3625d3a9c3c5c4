/** What is in the way, found in the observation before anything is planned. One small judge per hazard; all are asked. */
import type { Observation } from "../observe/observation.js";
import type { Facts } from "../observe/facts.js";
import type { Spec } from "../spec/spec.js";
import type { Goal, Problem } from "./plan.js";
import { adoptedHazards } from "./hazards/adopted.js";
import { authHazards, deniedHazards } from "./hazards/auth.js";
import { changeHazards } from "./hazards/change.js";
import { dataHazards } from "./hazards/data.js";
import { machineHazards } from "./hazards/machine.js";
import { awayHazards, membershipHazards } from "./hazards/membership.js";
import { networkHazards } from "./hazards/network.js";
import { reachHazards } from "./hazards/reach.js";
import { settingsHazards } from "./hazards/settings.js";
import { listHazards, tlsHazards, trustHazards } from "./hazards/trust.js";
import { pauseHazards, rebuildHazards, soundHazards } from "./hazards/upkeep.js";
import type { Wish } from "./wish.js";

export interface Scene {
  readonly spec: Spec;
  readonly wish: Wish;
  readonly goal: Goal;
  readonly version: string;
  readonly clusterId: string;
  readonly seen: Observation;
  readonly facts: Facts;
  readonly moveAside: readonly string[];
}

export type Judge = (scene: Scene) => Problem[];

const judges: Readonly<Record<Goal, readonly Judge[]>> = {
  running: [
    reachHazards,
    machineHazards,
    networkHazards,
    dataHazards,
    membershipHazards,
    awayHazards,
    changeHazards,
    adoptedHazards,
    trustHazards,
    listHazards,
    tlsHazards,
    settingsHazards,
    deniedHazards,
    authHazards,
  ],
  stopped: [reachHazards],
  absent: [reachHazards],
  renewed: [reachHazards, trustHazards, listHazards],
  compacted: [reachHazards, deniedHazards, soundHazards],
  defragmented: [reachHazards, deniedHazards, soundHazards, pauseHazards],
  writable: [reachHazards, deniedHazards, soundHazards, pauseHazards],
  rebuilt: [reachHazards, deniedHazards, rebuildHazards],
};

export const hazards = (scene: Scene): Problem[] => judges[scene.goal].flatMap((judge) => judge(scene));
