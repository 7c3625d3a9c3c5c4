/** From what a cluster runs to what is wanted, through what the sources offer. */
import { hopsBetween } from "./release/hops.js";
import type { Release } from "./release/release.js";
import type { Spec } from "./spec/spec.js";

export interface Way {
  /** Versions to pass through, the wanted one last. */
  readonly hops: readonly string[];
  /** Why there is no way, and what to do. */
  readonly blocked: { readonly message: string; readonly next: string } | undefined;
  /** What is to be known of it: hazards that do not forbid it, and how long there is a way back. */
  readonly warnings: readonly string[];
}

/** @param running versions of the members, or what they ran last */
export async function wayTo(
  spec: Spec,
  running: readonly string[],
  to: string,
  arch: string,
  release: Release,
): Promise<Way> {
  if (running.every((version) => version === to)) return { hops: [to], blocked: undefined, warnings: [] };
  const offered = [...new Set([...(await release.offers(arch)), to])];
  const found = hopsBetween(running, to, offered, { accept: spec.etcd.accept, arch });
  if (found.kind === "refused")
    return { hops: [to], blocked: { message: found.message, next: found.next }, warnings: [] };
  const warnings = found.legs.flatMap((leg) => [
    ...leg.hazards.map(({ id, text, source }) => `${leg.from} → ${leg.to}: ${text} (${id}; ${source})`),
    `${leg.from} → ${leg.to}: ${leg.window}`,
  ]);
  return { hops: found.hops.length === 0 ? [to] : found.hops, blocked: undefined, warnings };
}
