import type { Clock, World } from "../world.js";
import type { Issuer } from "./certificate.js";
import type { AskPassphrase } from "./secret.js";
import type { Validity } from "./validity.js";

/** A CA that certificates of this cluster come from. */
export interface Ca {
  /** The PEM file with the trusted certificate or certificates. */
  readonly file: string;
  /** The trusted certificates, or undefined when none were made yet. */
  trusted(): Promise<string | undefined>;
  /** The same at once. */
  trustedNow(): string | undefined;
  /** Whether a key to sign with is, or can be made to be, at hand. */
  canSign(): boolean;
  /** Everything to sign with; makes the CA when there is none. */
  signer(): Promise<Signer>;
}

export interface Signer extends Issuer {
  /** All that is trusted, the signing certificate among it. PEM. */
  readonly trusted: string;
  readonly validity: Validity;
}

export interface AuthorityOptions {
  /** Where the CA key's passphrase comes from; asked only when a key is to be made or used. */
  readonly passphrase?: AskPassphrase;
  readonly clock?: Pick<Clock, "now">;
  /** Certificates of these members that were issued before are due, whatever is left of them: renewal was asked for. */
  readonly renew?: { readonly members: readonly string[]; readonly before: number };
  /** For listeners that the network does not lead to. */
  readonly through?: World["through"];
  /** Told what is done otherwise than asked for, one line each. */
  readonly warn?: (line: string) => void;
}

export const nowOf = (options: AuthorityOptions): number =>
  options.clock === undefined ? Date.now() : options.clock.now();
