/** A key and its certificate in one go. */
import type { Spec, TlsSpec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions, type Ca, type Signer } from "./ca.js";
import { keyPem, makeKey } from "./keys.js";
import { warm } from "./library.js";
import type { Profile } from "./profile.js";
import { validityWithin, type Validity } from "./validity.js";

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Issue one pair per profile. Keys are made while the CA is opened and the library loads. Makes the CA when there is
 * none.
 */
export async function issuePairs(
  profiles: readonly Profile[],
  { spec, tls, ca, options }: { spec: Spec; tls: TlsSpec; ca: Ca; options: AuthorityOptions },
  days: number = tls.leafDays,
): Promise<{ trusted: string; pairs: readonly Pair[] }> {
  void warm();
  const [signer, ...keys] = await Promise.all([ca.signer(), ...profiles.map(() => makeKey(tls.algorithm))]);
  const validity = leafValidity(spec, signer, days, options);
  const { makeLeaf } = await import("./certificate.js");
  const pairs = await Promise.all(
    profiles.map(async (profile, index) => {
      const key = keys[index]!;
      const cert = await makeLeaf({
        profile,
        subject: tls.subject,
        publicKey: key.publicKey,
        issuer: signer,
        validity,
      });
      return { cert, key: keyPem(key.privateKey) };
    }),
  );
  return { trusted: signer.trusted, pairs };
}

/** The spec's lifetime, cut to what the CA has left, with a warning. */
export function leafValidity(spec: Spec, signer: Signer, days: number, options: AuthorityOptions): Validity {
  const validity = validityWithin(signer.validity, days, nowOf(options));
  if (validity.clamped) {
    const end = signer.validity.notAfter.toISOString();
    options.warn?.(`${spec.name}: certificates end with their CA on ${end}, before the ${String(days)} days asked for`);
  }
  return { notBefore: validity.notBefore, notAfter: validity.notAfter };
}
