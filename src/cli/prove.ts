/** What ends every run that leaves a cluster running. */
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { howToGoOn } from "./how-to-go-on.js";
import { exit, type Session } from "./session.js";

/** A cluster is up when its members say so themselves. */
export async function prove(session: Session, spec: Spec, world: World, code: number): Promise<number> {
  const [{ proveHealth }, { healthJson }, { tellHealth }] = await Promise.all([
    import("../observe/health.js"),
    import("../render/health-lines.js"),
    import("./tell-health.js"),
  ]);
  const health = await proveHealth(spec, world.cluster);
  const { readCard, writeCard } = await import("./endpoints-card.js");
  if (readCard(spec.file) === undefined) writeCard(spec.file, spec, (await world.authority.storedClient())?.files);
  if (session.json) session.event({ type: "health", ...healthJson(spec.name, health) });
  else {
    session.say("");
    tellHealth(session, health);
    session.say("", ...howToGoOn(session, spec));
  }
  if (health.healthy) return code;
  return code === exit.degraded ? exit.degraded : exit.trouble;
}
