/** What was judged already, part by part, so that a proof that is ended goes on where it was. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tally } from "./proof.js";

export interface Part {
  readonly change: string;
  readonly size: number;
  readonly every: number;
  readonly seed: number;
  readonly orders: boolean;
}

export interface Record {
  tallyOf(part: Part): Tally | undefined;
  keep(part: Part, tally: Tally): void;
}

/** @param file one line of JSON for each part; without one, it is all forgotten at the end */
export function openRecord(file: string | undefined): Record {
  const program = file === undefined ? "" : programDigest();
  const keyOf = (part: Part): string => JSON.stringify({ program, ...part });
  const kept = new Map<string, Tally>();
  if (file !== undefined && existsSync(file))
    for (const line of readFileSync(file, "utf8").trim().split("\n")) {
      const { key, tally } = JSON.parse(line) as { key: string; tally: Tally };
      kept.set(key, tally);
    }
  return {
    tallyOf: (part) => kept.get(keyOf(part)),
    keep(part, tally) {
      kept.set(keyOf(part), tally);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify({ key: keyOf(part), tally })}\n`);
    },
  };
}

/** Of everything that is compiled for the proof: another planner, or another judge, has other results. */
function programDigest(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const hash = createHash("sha256");
  for (const path of (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith(".js")).sort())
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest("hex").slice(0, 16);
}
