/**
 * `etcd.accept`: a list of ids of hazards that the operator knows of and takes on. Only hazards that are marked so can be
 * accepted; an accepted one is told as a warning and no longer refuses.
 */
import { hazards, type Hazard } from "./hazards.js";

export const acceptableHazards: readonly Hazard[] = hazards.filter(({ acceptable }) => acceptable === true);

/** Why an id cannot be accepted; undefined: it can. */
export function notAcceptable(id: string): string | undefined {
  const hazard = hazards.find((one) => one.id === id);
  if (hazard === undefined) return `there is no hazard called ${id}`;
  return hazard.acceptable === true ? undefined : `${id} cannot be accepted: ${hazard.next}`;
}
