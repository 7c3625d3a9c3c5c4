/** From what a cluster runs to what is wanted, through what the sources offer. */
import { hazardNamed } from "./release/hazards.js";
import { hopsBetween } from "./release/hops.js";
import type { Problem } from "./plan/plan.js";
import type { Release } from "./release/release.js";
import { lineOf } from "./release/versions.js";
import type { Spec } from "./spec/spec.js";

export interface Way {
  /** Versions to pass through, the wanted one last. */
  readonly hops: readonly string[];
  /** Why there is no way, and what to do. */
  readonly blocked: { readonly message: string; readonly next: string } | undefined;
  /** What is to be known of it: hazards that do not forbid it, and how long there is a way back. */
  readonly told: readonly Problem[];
}

/**
 * @param running versions of the members, or what they ran last
 * @param revision of the database; undefined when nobody says
 */
export async function wayTo(
  spec: Spec,
  running: readonly string[],
  revision: bigint | undefined,
  to: string,
  arch: string,
  release: Release,
): Promise<Way> {
  const offered = [...new Set([...(await release.offers(arch)), to])];
  const found = hopsBetween(running, to, offered, { accept: spec.etcd.accept, arch });
  if (found.kind === "refused") return { hops: [to], blocked: { message: found.message, next: found.next }, told: [] };
  const unwritten = hazardNamed("never-written-on-3.4");
  if (revision !== undefined && revision <= 1n && running.some((version) => lineOf(version) === "3.4")) {
    if (found.hops.some((hop) => lineOf(hop) !== "3.4")) {
      const message = `${unwritten.text} (${unwritten.id}; ${unwritten.source})`;
      return { hops: [to], blocked: { message, next: unwritten.next }, told: [] };
    }
  }
  const told = found.legs.flatMap((leg): Problem[] => {
    const way = `${leg.from} → ${leg.to}`;
    const open = leg.hazards.filter(({ id }) => !seenTo.has(id));
    return [
      ...open.map(({ id, text, next, source }) => tell("E_VERSION_RISKY", `${way}: ${text} (${id}; ${source})`, next)),
      tell("E_WAY_BACK", `${way}: ${leg.window}`),
    ];
  });
  return { hops: found.hops.length === 0 ? [to] : found.hops, blocked: undefined, told };
}

/** What the planner itself sees to: flags in each version's own words, the order of steps, snapshots, the protocol for going back. */
const seenTo = new Set([
  "never-written-on-3.4",
  "removed-flags",
  "crl-form-3.6",
  "v2-switched-on",
  "v2-content",
  "zombie-members",
  "healthy-first",
  "snapshot-first",
  "leader-last",
  "downgrade-protocol",
]);

const tell = (code: Problem["code"], message: string, next?: string): Problem => ({
  code,
  member: undefined,
  message,
  severity: "warn",
  ...(next !== undefined && { next }),
});
