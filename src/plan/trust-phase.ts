/**
 * A CA is read once, when a process starts, so one CA after another takes phases: both trusted everywhere, then new
 * certificates, then the old CA dropped. Which phase it is follows from the facts alone, so that a run that was killed
 * anywhere goes on from there.
 */
import type { Facts, MemberFacts } from "../observe/facts.js";
import { includesAll, joinRoots, loadedRoots, rootsIn } from "../observe/roots.js";
import type { Spec, TrustPhase } from "../spec/spec.js";
import { onTheWayToTls } from "./tls-switch.js";
import type { Wish } from "./wish.js";

/**
 * steady: one CA, everywhere. spread: both are to be trusted by every process. wait: clients are to have both first.
 * leaves: certificates of the new one. drop: the old one goes.
 */
export type PhaseName = "steady" | "spread" | "wait" | "leaves" | "drop";

export function phaseOf(wish: Wish, now: Facts): PhaseName {
  const { anchors, spec } = wish;
  if (anchors === undefined || spec.tls === undefined || anchors.wanted.length === 0) return "steady";
  const wanted = anchors.wanted;
  if (includesAll(wanted, known(wish, now)) && spreadTo(wish, now, wanted)) return "steady";
  if (!spreadTo(wish, now, wanted)) return "spread";
  if (now.signing !== joinRoots(wanted)) return "leaves";
  if (anchors.waiting.length > 0 && wish.dropOldCa !== true) return "wait";
  return counted(wish, now).every(({ trust, issuer }) => trust === "none" || issuer === "wanted") ? "drop" : "leaves";
}

/** The wish as it is to be next, for rules that ask what a member is to have. */
export function inPhase(whole: Wish, now: Facts): Wish {
  const wish = onTheWayToTls(whole, now);
  const { anchors, spec } = wish;
  if (anchors === undefined || spec.tls === undefined || anchors.wanted.length === 0) return wish;
  const phase = trustPhase(phaseOf(wish, now), wish, now);
  return { ...wish, spec: { ...spec, tls: { ...spec.tls, phase } } satisfies Spec };
}

function trustPhase(name: PhaseName, wish: Wish, now: Facts): TrustPhase {
  const { first = [], wanted = [] } = wish.anchors ?? {};
  const all = [...new Set([...wanted, ...known(wish, now)])].sort();
  // The old CA goes only when the new certificates have been seen on every listener.
  const seen = now.shown === joinRoots(wanted) || counted(wish, now).some(({ roots }) => roots === joinRoots(wanted));
  const roots = name === "steady" || (name === "drop" && seen) ? wanted : all;
  const issuer = name === "steady" || now.signing === joinRoots(wanted) ? "wanted" : "former";
  return {
    roots,
    noted: joinRoots(roots) !== joinRoots(first),
    renew: issuer === "wanted" && (name === "leaves" || name === "drop"),
    issuer,
  };
}

/** Every CA that somebody trusts. */
function known(wish: Wish, now: Facts): string[] {
  const first = wish.anchors?.first ?? [];
  const members = counted(wish, now).flatMap((member) => [
    ...rootsIn(member.roots),
    ...(member.process === "up" ? (loadedRoots(member, first) ?? []) : []),
  ]);
  return [...new Set([...rootsIn(now.trusted), ...members])];
}

/** Every member's process has read these, or has never been started. */
function spreadTo(wish: Wish, now: Facts, roots: readonly string[]): boolean {
  const first = wish.anchors?.first ?? [];
  return counted(wish, now).every((member) => {
    if (member.reach === "yes" && member.process !== "up" && member.trust === "none") return true;
    const loaded = loadedRoots(member, first);
    return loaded !== undefined && includesAll(loaded, roots);
  });
}

/** Nothing holds to an old CA any more but quorate itself. */
export const isDropped = (wish: Wish, now: Facts): boolean => {
  const { first = [], wanted = [] } = wish.anchors ?? {};
  return counted(wish, now).every((member) => {
    const loaded = loadedRoots(member, first);
    return loaded !== undefined && includesAll(wanted, loaded) && includesAll(wanted, rootsIn(member.roots));
  });
};

/** Wanted members, and others as long as they are in the cluster. */
const counted = (wish: Wish, now: Facts): MemberFacts[] =>
  Object.values(now.members).filter(({ place, listed }) => place === "wanted" || listed !== "absent");
