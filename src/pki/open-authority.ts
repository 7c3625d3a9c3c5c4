import { join } from "node:path";
import { invariant } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Authority } from "./authority.js";
import type { AuthorityOptions, Ca } from "./ca.js";
import { clientIdentity } from "./client-identity.js";
import { givenCa } from "./given-ca.js";
import { memberSets } from "./member-sets.js";
import { ownCa } from "./own-ca.js";

/** Where the authority keeps its files: `pki` in the spec's state folder. */
export const pkiFolder = (spec: Spec): string => join(spec.stateDir, "pki");

/** The CA that a spec names. Nothing is read or written yet. */
export const caOf = (spec: Spec, tls: TlsSpec, options: AuthorityOptions): Ca =>
  tls.ca.kind === "given" ? givenCa(tls.ca, options) : ownCa(spec, tls, pkiFolder(spec), options);

/**
 * A cluster's authority, kept in `<stateDir>/pki`:
 * `ca.pem`, `ca-key.pem`, `members/NAME/live/{ca,server,server-key,peer,peer-key}.pem`,
 * `client/live/{ca,root,root-key,probe,probe-key}.pem`. Opening it touches nothing.
 * Its methods throw QuorateError (or QuorateErrors) with the codes under "trust" in the error catalogue.
 */
export function openAuthority(spec: Spec, options: AuthorityOptions = {}): Authority {
  const { tls } = spec;
  if (tls === undefined) return plaintext(spec);
  const ca = caOf(spec, tls, options);
  const context = { spec, tls, ca, folder: pkiFolder(spec), options };
  return { trusted: () => ca.trusted(), ...memberSets(context), ...clientIdentity(context) };
}

/** A cluster without TLS has no trust to keep. */
function plaintext(spec: Spec): Authority {
  const none = (): Promise<never> => {
    invariant(false, `${spec.name} has no TLS, so nothing is issued for it`);
  };
  return {
    trusted: () => Promise.resolve(undefined),
    stored: () => Promise.resolve(undefined),
    issue: none,
    sign: none,
    client: () => Promise.resolve(undefined),
    storedClient: () => Promise.resolve(undefined),
    judge: () => ({ state: "ok", reasons: [], foreignCa: false, notAfter: undefined }),
  };
}
