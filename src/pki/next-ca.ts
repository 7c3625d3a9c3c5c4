/** Another own CA in the place of the one before: `quorate certs rotate-ca`. */
import { QuorateError, invariant } from "../errors.js";
import type { Spec } from "../spec/spec.js";
import type { AuthorityOptions } from "./ca.js";
import { successionOf } from "./open-authority.js";
import { ownCa, ownCaCount } from "./own-ca.js";
import { pkiFolder } from "./pki-folder.js";

/**
 * Make the CA that the cluster is to change to, unless it is changing already. Nobody trusts it yet: `up` sees to that.
 * @returns whether one was made
 * @throws QuorateError E_CA_GIVEN, E_CA_NONE, and those of making a CA
 */
export async function makeNextCa(spec: Spec, options: AuthorityOptions = {}): Promise<boolean> {
  const { tls } = spec;
  invariant(tls !== undefined, `${spec.name} has TLS`);
  if (tls.ca.kind === "given")
    throw new QuorateError("E_CA_GIVEN", `${spec.file}: the CA is given, so quorate makes no other`, {
      where: tls.ca.cert,
      next: "name the new CA's files under `tls.ca`, and run `quorate up`",
    });
  const folder = pkiFolder(spec);
  const count = ownCaCount(folder);
  if (count === 0)
    throw new QuorateError("E_CA_NONE", `${spec.name} has no CA yet`, {
      where: folder,
      next: "run `quorate up` first",
    });
  const before = await successionOf(spec, tls, options).anchors();
  if (before.trusted.some((root) => !before.wanted.includes(root))) return false;
  await ownCa(spec, tls, folder, options, count + 1).signer();
  await successionOf(spec, tls, options).admit();
  return true;
}
