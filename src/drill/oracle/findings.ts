/** What is wrong, counted, with a few examples of each kind. */
import type { Finding, FindingKind } from "../verdict.js";

const examplesKept = 5;

export class Findings {
  readonly #kinds = new Map<FindingKind, { count: number; examples: string[] }>();

  add(kind: FindingKind, example: string, count = 1): void {
    const known = this.#kinds.get(kind) ?? { count: 0, examples: [] };
    known.count += count;
    if (known.examples.length < examplesKept) known.examples.push(example);
    this.#kinds.set(kind, known);
  }

  count(kind: FindingKind): number {
    return this.#kinds.get(kind)?.count ?? 0;
  }

  all(): Finding[] {
    return [...this.#kinds].map(([kind, { count, examples }]) => ({ kind, count, examples }));
  }
}
