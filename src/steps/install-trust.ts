import { join } from "node:path";
import { withMember } from "../observe/facts.js";
import { joinRoots } from "../observe/roots.js";
import type { HostAction } from "../host/host.js";
import type { MemberTrust } from "../pki/authority.js";
import { sha256Of } from "../plan/digest.js";
import type { Doing, StepKind } from "./step.js";

/** The member's certificates and keys: a new folder beside the old one, then one switch of the link `live`. */
export interface InstallTrust {
  readonly kind: "install-trust";
  readonly member: string;
  /** Folder that holds the sets and the link. */
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly keysOn: "operator" | "host";
  readonly algorithm: string;
  /** CAs that the member is to trust, by fingerprint; all that quorate trusts when absent. */
  readonly roots?: readonly string[];
  readonly issuer?: "wanted" | "former";
  readonly why: string;
}

export const installTrust: StepKind<InstallTrust, MemberTrust | undefined> = {
  kind: "install-trust",
  risk: "none",
  patience: 30_000,
  title: (step) => `install certificates (${step.why})`,
  guard: () => undefined,
  // A lifetime so short that a new leaf is due at once is a wish, not a failure.
  effect(step, now) {
    const due = now.members[step.member]?.trust === "renewal-due";
    return withMember(now, step.member, {
      trust: due ? "renewal-due" : "ok",
      ...(step.roots !== undefined && { roots: joinRoots(step.roots) }),
      ...(step.issuer !== undefined && { issuer: step.issuer }),
    });
  },
  gather: async (step, { world }) =>
    step.keysOn === "operator" ? world.authority.issue(step.member, step.roots) : undefined,
  async run(step, doing, issued) {
    await (issued === undefined ? makeKeysThere(step, doing) : sendSet(step, doing, issued));
  },
};

async function sendSet(step: InstallTrust, { world }: Doing, trust: MemberTrust): Promise<void> {
  const own = { owner: step.owner, group: step.group };
  const folder = join(step.path, trust.generation);
  await world.host(step.member).act([
    { do: "make-directory", path: folder, mode: "0700", ...own },
    ...trust.files.map((file): HostAction => ({
      do: "put-file",
      path: join(folder, file.name),
      mode: file.mode,
      ...own,
      sha256: file.sha256,
      bytes: file.bytes,
    })),
    { do: "link", path: join(step.path, "live"), target: folder },
  ]);
}

/** Only requests leave the host and only certificates come back. */
async function makeKeysThere(step: InstallTrust, { world }: Doing): Promise<void> {
  const host = world.host(step.member);
  const own = { owner: step.owner, group: step.group };
  const staging = join(step.path, "next");
  const requests = { server: "", peer: "" };
  const makeKey = (use: "server" | "peer"): HostAction => ({
    do: "make-key",
    path: join(staging, `${use}-key.pem`),
    algorithm: step.algorithm,
    ...own,
    csr: (pem) => {
      requests[use] = pem;
    },
  });
  await host.act([
    { do: "remove", path: staging },
    { do: "make-directory", path: staging, mode: "0700", ...own },
    makeKey("server"),
    makeKey("peer"),
  ]);
  const signed = await world.authority.sign(step.member, requests, step.roots);
  const put = (name: string, pem: string): HostAction => ({
    do: "put-file",
    path: join(staging, name),
    mode: "0644",
    ...own,
    sha256: sha256Of(pem),
    bytes: async () => new TextEncoder().encode(pem),
  });
  const folder = join(step.path, signed.generation);
  await host.act([
    put("ca.pem", signed.ca),
    put("server.pem", signed.server),
    put("peer.pem", signed.peer),
    { do: "move-aside", path: staging, to: folder },
    { do: "link", path: join(step.path, "live"), target: folder },
  ]);
}
