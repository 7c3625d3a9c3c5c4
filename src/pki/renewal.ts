/** New certificates for keys that stay: a member takes them up at its next handshake, and no pair is ever torn. */
import { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { MemberSpec, Spec, TlsSpec } from "../spec/spec.js";
import type { Authority } from "./authority.js";
import type { AuthorityOptions } from "./ca.js";
import type { Succession } from "./ca-succession.js";
import { chainTo } from "./chain.js";
import { fingerprintOf } from "./fingerprint.js";
import { leafValidity } from "./leaf.js";
import { certificatesIn } from "./pem.js";
import { peerProfile, serverProfile, type Profile } from "./profile.js";
import { publishSet, type SetFiles } from "./sets.js";

export interface RenewalContext {
  readonly spec: Spec;
  readonly tls: TlsSpec;
  readonly cas: Succession;
  readonly options: AuthorityOptions;
  memberOf(name: string): MemberSpec;
  storedFiles(name: string): Promise<SetFiles | undefined>;
  folderOf(name: string): string;
  /** Nothing about the set is due or wrong. */
  fit(member: MemberSpec, files: SetFiles): boolean;
}

type Shown = { readonly server: string; readonly peer: string };

export function renewal(context: RenewalContext): Authority["renew"] {
  const { spec, tls, cas, options } = context;

  return async (name, shown) => {
    const member = context.memberOf(name);
    if (tls.given?.[name] !== undefined)
      throw new QuorateError("E_CSR", `${name}: has given certificates, so nothing is signed for it`, { where: name });
    const keys = { server: keyOf(name, "server", shown), peer: keyOf(name, "peer", shown) };
    const stored = await context.storedFiles(name);
    const mirrored = stored !== undefined && isFor(stored, keys);
    // Signed by a run that was killed before it could send it.
    if (mirrored && stored["server.pem"] !== shown.server && context.fit(member, stored) && isOfSigner(stored))
      return { server: stored["server.pem"] ?? "", peer: stored["peer.pem"] ?? "" };
    const signer = await cas.signing().signer();
    const common = {
      subject: tls.subject,
      issuer: signer,
      validity: leafValidity(spec, signer, tls.leafDays, options),
    };
    const { makeLeaf } = await import("./certificate.js");
    const leaf = (profile: Profile, publicKey: Uint8Array): Promise<string> =>
      makeLeaf({ ...common, profile, publicKey });
    const [server, peer] = await Promise.all([
      leaf(serverProfile(spec, member), keys.server),
      leaf(peerProfile(spec, member), keys.peer),
    ]);
    if (mirrored)
      await publishSet(context.folderOf(name), {
        ...stored,
        "ca.pem": signer.trusted,
        "server.pem": server,
        "peer.pem": peer,
      });
    return { server, peer };
  };

  /** Only keys that this cluster has certified before: a host does not get a certificate for just any. */
  function keyOf(name: string, use: keyof Shown, shown: Shown): Uint8Array {
    const [leaf, ...between] = certificatesIn(shown[use], `the ${use} certificate of ${name}`);
    const trusted = certificatesIn(cas.trustedNow() ?? "", cas.wanted.file);
    if (leaf === undefined || chainTo(trusted, leaf, between) === undefined)
      throw new QuorateError("E_CERT_CHAIN", `${name}: its ${use} certificate is none of this cluster's`, {
        where: name,
      });
    return spkiOf(leaf);
  }

  function isOfSigner(files: SetFiles): boolean {
    const anchors = certificatesIn(cas.signing().trustedNow() ?? "", cas.wanted.file);
    return ["server.pem", "peer.pem"].every((file) => {
      const [leaf, ...between] = certificatesIn(files[file] ?? "", file);
      const anchor = leaf === undefined ? undefined : chainTo(anchors, leaf, between)?.at(-1);
      return anchor !== undefined && anchors.some((one) => fingerprintOf(one) === fingerprintOf(anchor));
    });
  }
}

const spkiOf = (certificate: X509Certificate): Uint8Array =>
  new Uint8Array(certificate.publicKey.export({ type: "spki", format: "der" }));

const isFor = (files: SetFiles, keys: { server: Uint8Array; peer: Uint8Array }): boolean =>
  (["server", "peer"] as const).every((use) =>
    Buffer.from(spkiOf(new X509Certificate(files[`${use}.pem`] ?? ""))).equals(keys[use]),
  );
