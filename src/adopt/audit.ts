/** What is wrong or risky about a cluster as it was found. All judges are asked; the gravest comes first. */
import { exposure } from "./audit/exposure.js";
import type { Finding, Inspected, Judge } from "./audit/finding.js";
import { keeping } from "./audit/keeping.js";
import { whole } from "./audit/whole.js";

const judges: readonly Judge[] = [exposure, whole, keeping];
const order: readonly Finding["severity"][] = ["danger", "risk", "note"];

export const audit = (seen: Inspected): Finding[] =>
  judges.flatMap((judge) => judge(seen)).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
