/** A history in, a verdict out. Pure. */
import type { History } from "../history.js";
import { defaultLimits, type IntervalFigures, type Limits, type Verdict } from "../verdict.js";
import { checkDurability } from "./durability.js";
import { Findings } from "./findings.js";
import { checkOrder } from "./order.js";
import { compare, gapsOf, intervalFigures, stallIn } from "./stall.js";
import { checkWatches } from "./watches.js";

/** @param given limits other than the usual ones. */
export function judge(history: History, given: Partial<Limits> = {}): Verdict {
  const limits = { ...defaultLimits, ...given };
  const findings = new Findings();
  const operations = [...history.writes, ...history.reads];
  const failed = operations.filter(({ failure }) => failure !== undefined);
  if (failed.length > limits.failed)
    for (const { client, failure, invoked, returned } of failed)
      findings.add("failed-request", `${client} from ${Math.round(invoked)} to ${Math.round(returned)} ms: ${failure}`);
  checkDurability(history, findings);
  checkOrder(history, findings);
  checkWatches(history, findings);
  for (const { failure } of history.leases) if (failure !== undefined) findings.add("lease-lost", failure);

  const gaps = gapsOf(history);
  const intervals = intervalFigures(history, gaps);
  const comparison = compare(history, gaps);
  const most = Math.max(comparison?.ratio ?? 0, comparison?.writerRatio ?? 0);
  if (limits.stallRatio !== undefined && most > limits.stallRatio)
    findings.add("stalled", `writes stalled ${most.toFixed(2)} times as long as without the change`);
  const wrong = findings.all();
  checkLoad(history, intervals, limits, findings);
  if (limits.stallRatio !== undefined && comparison === undefined)
    findings.add("little-load", "no control interval as long as the change to compare its stall with");
  const all = findings.all();
  return {
    outcome: wrong.length > 0 ? "broken" : all.length > 0 ? "void" : "held",
    findings: all,
    writes: history.writes.length - history.writes.filter(({ failure }) => failure !== undefined).length,
    reads: history.reads.length - history.reads.filter(({ failure }) => failure !== undefined).length,
    watchEvents: history.watches.reduce((sum, { events }) => sum + events.length, 0),
    keepAlives: history.leases.reduce((sum, { keepAlives }) => sum + keepAlives, 0),
    failed: failed.length,
    lost: findings.count("lost-write"),
    retried: operations.filter(({ retries }) => retries !== undefined && retries.length > 0).length,
    stall: stallIn(gaps, [{ from: 0, to: history.endedAt }]),
    intervals,
    comparison,
  };
}

/** Too little to judge by. */
function checkLoad(history: History, intervals: readonly IntervalFigures[], limits: Limits, findings: Findings): void {
  if (history.full) findings.add("little-load", "the limit of operations was reached, and the clients stopped early");
  if (history.writers.length === 0) findings.add("little-load", "there was no writer");
  const few = (clients: readonly string[], operations: History["writes"] | History["reads"], what: string): void => {
    const counts = new Map(clients.map((client) => [client, 0]));
    for (const { client, failure } of operations)
      if (failure === undefined) counts.set(client, (counts.get(client) ?? 0) + 1);
    for (const [client, count] of counts)
      if (count < limits.perClient)
        findings.add("little-load", `${client} had ${count} ${what}; ${limits.perClient} are needed`);
  };
  few(history.writers, history.writes, "writes");
  few(history.readers, history.reads, "reads");
  for (const { name, writes } of intervals)
    if (writes < limits.perInterval)
      findings.add("little-load", `${name}: ${writes} writes while it lasted; ${limits.perInterval} are needed`);
}
