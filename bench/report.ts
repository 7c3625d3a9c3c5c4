/** Figures as a table for people and as JSON for machines. */
import { median, type Judged } from "./measure.js";

const columns = ["figure", "ours", "anchor", "value", "worst pair", "limit", "runs", ""] as const;

/** One line per figure, and what was compared below. */
export function table(figures: readonly Judged[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    amount(figure, median(figure.ours)),
    figure.anchor.length === 0 ? "-" : amount(figure, median(figure.anchor)),
    compared(figure, figure.value),
    compared(figure, figure.worstPair),
    compared(figure, figure.limit),
    String(figure.ours.length),
    figure.passed ? "ok" : "TOO SLOW",
  ]);
  const widths = columns.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const legend = figures.map((figure) => `${figure.name}: ${figure.what}`);
  return [line(columns), ...rows.map(line), "", ...legend].join("\n");
}

function amount(figure: Judged, value: number): string {
  if (figure.kind === "count") return String(value);
  return value < 10 ? `${value.toFixed(2)} ms` : `${Math.round(value)} ms`;
}

function compared(figure: Judged, value: number): string {
  if (figure.kind === "ratio") return `${value.toFixed(2)} x`;
  if (figure.kind === "difference") return `${value < 0 ? "-" : "+"}${Math.abs(Math.round(value))} ms`;
  return figure.kind === "time" ? `${Math.round(value)} ms` : String(value);
}
