/** What is wrong or risky about a cluster as it was found: the advice for any cluster, and what the take-over adds. */
import { advise, type Advice } from "../advise/advise.js";
import type { Spec } from "../spec/spec.js";
import { advisedOf } from "./audit/advised.js";
import { handover } from "./audit/handover.js";
import type { Live } from "./found.js";

const order: readonly Advice["severity"][] = ["critical", "warn", "note"];
/** Told in words that fit a take-over, by a judge of its own. */
const retold = (spec: Spec): readonly string[] => (spec.tls === undefined ? [] : ["plaintext-clients"]);

/** @param now milliseconds since the epoch */
export function audit(members: readonly Live[], spec: Spec, now: number): Advice[] {
  const usual = advise(advisedOf(members, now)).filter(
    ({ id, severity }) => severity === "critical" || !retold(spec).includes(id),
  );
  return [...handover(members, spec), ...usual].toSorted(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}
