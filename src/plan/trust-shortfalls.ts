/** Where a change of the CA stops, and what it waits for. */
import type { Facts } from "../observe/facts.js";
import { loadedRoots, rootsIn } from "../observe/roots.js";
import type { Problem } from "./plan.js";
import { servedBothWays } from "./tls-switch.js";
import { phaseOf } from "./trust-phase.js";
import type { Wish } from "./wish.js";

export function trustShortfalls(wish: Wish, after: Facts, severity: Problem["severity"]): Problem[] {
  const both = servedBothWays(wish, after);
  if (both.length > 0 && wish.closePlaintext !== true) {
    const message = `${both.join(", ")} ${both.length === 1 ? "serves" : "serve"} clients with TLS and without`;
    const next = "give every client https:// endpoints and a certificate; then run `quorate up --close-plaintext`";
    return [{ code: "E_PLAINTEXT", member: undefined, message, severity: "degraded", next }];
  }
  const { anchors } = wish;
  const phase = phaseOf(wish, after);
  if (anchors === undefined || phase === "steady" || anchors.wanted.length === 0) return [];
  const others = rootsIn(after.trusted).filter((root) => !anchors.wanted.includes(root));
  if (phase === "wait") {
    const message = `the change to the CA ${anchors.wanted.join(" and ")} waits for clients with certificates of ${others.join(" and ")}: ${anchors.waiting.join(", ")}`;
    const next = `give each a new one with \`quorate certs issue NAME\`, together with its ca.pem, and run \`quorate up\` again; or go on without them with --drop-old-ca`;
    return [{ code: "E_CA_WAITS", member: undefined, message, severity: "degraded", next }];
  }
  if (others.length === 0) return [];
  const late = wish.spec.members.find(({ name }) => {
    const member = after.members[name];
    return member === undefined || loadedRoots(member, anchors.first) === undefined;
  });
  const message = `the change to the CA ${anchors.wanted.join(" and ")} needs every member${late === undefined ? "" : `, and nothing is known of ${late.name}`}`;
  return [{ code: "E_CA_WAITS", member: late?.name, message, severity }];
}
