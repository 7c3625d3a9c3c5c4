/** A verdict in one line. Pure. */
import type { Verdict } from "../drill/verdict.js";

/** `failed 0, lost 0, longest stall 41 ms (control 38 ms), 12 345 writes`, with what is wrong before it. */
export function verdictLine({ outcome, findings, failed, lost, stall, comparison, writes }: Verdict): string {
  const wrong = findings.map(({ kind, count }) => `${kind} ${grouped(count)}`).join(", ");
  const longest =
    comparison === undefined
      ? milliseconds(stall.longest)
      : `${milliseconds(comparison.change.longest)} (control ${milliseconds(comparison.control.longest)})`;
  const figures = `failed ${grouped(failed)}, lost ${grouped(lost)}, longest stall ${longest}, ${grouped(writes)} writes`;
  return outcome === "held" ? figures : `${outcome} (${wrong}): ${figures}`;
}

const milliseconds = (time: number): string => `${Math.round(time)} ms`;

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, " ");
