import { join } from "node:path";
import { QuorateError } from "../errors.js";
import type { HostAction } from "../host/host.js";
import { withMember } from "../observe/facts.js";
import { questionFor, trustPaths } from "../observe/question.js";
import { sha256Of } from "../plan/digest.js";
import { everyone } from "../spec/spec.js";
import type { Doing, StepKind } from "./step.js";

/**
 * New certificates for the keys that the member has, each put in the place of the old one by a rename. Etcd reads
 * certificate and key anew at each handshake (client/pkg/transport GetCertificate) and never finds a pair that does not
 * fit, since the key stays.
 */
export interface RenewTrust {
  readonly kind: "renew-trust";
  readonly member: string;
  /** Folder that holds the sets and the link. */
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly issuer?: "wanted" | "former" | undefined;
  readonly why: string;
}

export const renewTrust: StepKind<RenewTrust> = {
  kind: "renew-trust",
  risk: "none",
  patience: 30_000,
  title: (step) => `renew certificates in place (${step.why})`,
  guard: () => undefined,
  effect: (step, now) =>
    withMember(now, step.member, { trust: "ok", ...(step.issuer !== undefined && { issuer: step.issuer }) }),
  async run(step, doing) {
    const renewed = await doing.world.authority.renew(step.member, await shownBy(step.member, doing));
    const put = (name: string, pem: string): HostAction => ({
      do: "put-file",
      path: join(step.path, "live", name),
      mode: "0644",
      owner: step.owner,
      group: step.group,
      sha256: sha256Of(pem),
      bytes: async () => new TextEncoder().encode(pem),
    });
    await doing.world.host(step.member).act([put("server.pem", renewed.server), put("peer.pem", renewed.peer)]);
  },
};

/** The certificates as they are on the host now: they tell which keys are there. */
async function shownBy(name: string, { spec, world }: Doing): Promise<{ server: string; peer: string }> {
  const member = everyone(spec).find((candidate) => candidate.name === name);
  const seen = member === undefined ? undefined : await world.host(name).observe(questionFor(spec, member, []));
  if (member === undefined || seen?.reach !== "reachable")
    throw seen?.reach === "unreachable" ? seen.error : new QuorateError("E_HOST_UNREACHABLE", `${name} is not there`);
  const { server, peer } = trustPaths(spec, member).texts;
  return { server: seen.texts[server] ?? "", peer: seen.texts[peer] ?? "" };
}
