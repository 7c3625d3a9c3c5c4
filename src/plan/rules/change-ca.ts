/** What the change from one CA to another takes besides files and restarts. */
import { joinRoots } from "../../observe/roots.js";
import type { Listener } from "../../pki/authority.js";
import { settled } from "../goal-version.js";
import { isDropped, phaseOf } from "../trust-phase.js";
import type { Rule, WantedStage, Wish } from "../wish.js";

/** Before anything depends on the new CA, and again before the old one goes, every listener and every pair is asked. */
export const proveTrust: Rule = (wish, now) => {
  const phase = phaseOf(wish, now);
  const roots = joinRoots(wish.anchors?.wanted ?? []);
  const shown = phase === "drop";
  if (!shown && phase !== "leaves") return undefined;
  if ((shown ? now.shown : now.accepted) === roots || !settled(wish, now)) return undefined;
  const [first] = wish.spec.members;
  if (first === undefined) return undefined;
  return {
    title: shown ? "see the new certificates on every listener" : "see every listener accept the new CA",
    steps: [proof(wish, first.name, { roots, shown })],
  };
};

const proof = (
  wish: Wish,
  member: string,
  what: { roots: string; shown: boolean; alone?: true },
): WantedStage["steps"][number] => ({ kind: "prove-trust", member, ...what, listeners: listenersOf(wish) });

/** quorate's own certificates come first: whoever trusts both CAs accepts them. */
export const adoptCa: Rule = (wish, now) => {
  const roots = joinRoots(wish.anchors?.wanted ?? []);
  const [first] = wish.spec.members;
  if (phaseOf(wish, now) !== "leaves" || now.signing === roots || now.accepted !== roots || first === undefined)
    return undefined;
  return {
    title: "sign with the new CA from now on",
    steps: [{ kind: "adopt-ca" as const, member: first.name, roots }],
  };
};

export const forgetCa: Rule = (wish, now) => {
  const roots = joinRoots(wish.anchors?.wanted ?? []);
  const [first] = wish.spec.members;
  if (phaseOf(wish, now) !== "drop" || now.trusted === roots || !isDropped(wish, now) || first === undefined)
    return undefined;
  if (now.alone !== roots)
    return {
      title: "see every member connected under the new CA alone",
      steps: [proof(wish, first.name, { roots, shown: true, alone: true })],
    };
  return { title: "forget the old CA", steps: [{ kind: "forget-ca" as const, member: first.name, roots }] };
};

const listenersOf = ({ spec }: Wish): Listener[] =>
  spec.members.flatMap(({ client, peer }): Listener[] => [
    { url: client.url, kind: "client" },
    { url: peer.url, kind: "peer" },
  ]);
