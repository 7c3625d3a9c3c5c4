import { invariant } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Authority } from "./authority.js";
import type { AuthorityOptions, Ca } from "./ca.js";
import { succession, type Succession } from "./ca-succession.js";
import { clientIdentity } from "./client-identity.js";
import { givenCa } from "./given-ca.js";
import { memberSets } from "./member-sets.js";
import { ownCa } from "./own-ca.js";
import { pkiFolder } from "./pki-folder.js";
import { proveListeners } from "./prove.js";
import { revocations } from "./revocations.js";

export { pkiFolder } from "./pki-folder.js";

/** The CA that a spec wants. Nothing is written yet. */
export const caOf = (spec: Spec, tls: TlsSpec, options: AuthorityOptions): Ca =>
  tls.ca.kind === "given" ? givenCa(tls.ca, options) : ownCa(spec, tls, pkiFolder(spec), options);

/** That CA, and those before it as long as somebody holds to them. */
export const successionOf = (spec: Spec, tls: TlsSpec, options: AuthorityOptions): Succession =>
  succession({ spec, tls, wanted: caOf(spec, tls, options), folder: pkiFolder(spec), options });

/**
 * A cluster's authority, kept in `<stateDir>/pki`:
 * `ca.pem`, `ca-key.pem` (the next own CA is `ca-2.pem`), `cas.json` once there is a second, `members/NAME/live/{ca,server,server-key,peer,peer-key}.pem`,
 * `client/live/{ca,root,root-key,probe,probe-key}.pem`. Opening it touches nothing.
 * Its methods throw QuorateError (or QuorateErrors) with the codes under "trust" in the error catalogue.
 */
export function openAuthority(spec: Spec, options: AuthorityOptions = {}): Authority {
  const { tls } = spec;
  if (tls === undefined) return plaintext(spec);
  const cas = successionOf(spec, tls, options);
  const context = { spec, tls, cas, folder: pkiFolder(spec), options };
  const client = clientIdentity(context);
  return {
    trusted: async () => cas.trustedNow() ?? (await cas.wanted.trusted()),
    anchors: () => cas.anchors(),
    bundle: async (roots) => cas.bundle(roots),
    ...memberSets(context),
    ...client,
    ...revocations(context),
    async adoptCa() {
      await cas.adopt();
      await client.client();
    },
    async forgetCas() {
      await cas.forget();
      await client.client();
    },
    prove: (listeners, shown) => proveListeners(listeners, shown, context),
  };
}

/** A cluster without TLS has no trust to keep. */
function plaintext(spec: Spec): Authority {
  const none = (): Promise<never> => {
    invariant(false, `${spec.name} has no TLS, so nothing is issued for it`);
  };
  return {
    trusted: () => Promise.resolve(undefined),
    anchors: () => Promise.resolve({ first: [], wanted: [], trusted: [], signing: [], waiting: [] }),
    bundle: none,
    renew: none,
    adoptCa: none,
    forgetCas: none,
    prove: none,
    revokes: () => false,
    revocations: none,
    judgeList: () => "foreign",
    stored: () => Promise.resolve(undefined),
    issue: none,
    sign: none,
    client: () => Promise.resolve(undefined),
    storedClient: () => Promise.resolve(undefined),
    judge: () => ({ state: "ok", reasons: [], foreignCa: false, notAfter: undefined }),
  };
}
