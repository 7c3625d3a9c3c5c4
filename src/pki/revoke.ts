/** Taking a certificate back: `quorate certs revoke`. What is on record here goes to the members with the next `up`. */
import { QuorateError, invariant } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import { issuedClients } from "./issued-clients.js";
import { successionOf } from "./open-authority.js";
import { certificatesIn, validityOf } from "./pem.js";
import { pkiFolder } from "./pki-folder.js";
import { readRevocations, writeRevocations, type Reason, type RevokedCertificate } from "./revocation-record.js";
import { hasListOfItsOwn } from "./revocations.js";

/** A certificate that is known, and by which name. */
export interface Known {
  /** Of a client or a member; `root` for quorate's own, `ca` for a CA's. */
  readonly name: string;
  readonly serial: string;
  /** ISO 8601. */
  readonly ends: string;
}

export interface Revocation {
  /** Put on record just now. */
  readonly added: readonly RevokedCertificate[];
  /** On record before. */
  readonly already: readonly RevokedCertificate[];
  /** A serial that is no known certificate's. */
  readonly unknown: boolean;
}

/** 4 to 20 bytes; shorter ones are typing errors rather than serials. */
const serialForm = /^[0-9A-F]{8,40}$/;

/**
 * Put on record that certificates are not to be taken any more.
 * @param what a name of `certs issue` or of `known`, or a serial in hex, with or without colons
 * @param known certificates besides those of clients, such as members'
 * @throws QuorateError E_REVOKE_UNKNOWN, E_REVOKE_NEEDED, E_REVOCATION_OFF, and those of the CA when it cannot sign
 */
export async function revoke(
  spec: Spec,
  what: string,
  reason: Reason,
  known: readonly Known[],
  options: AuthorityOptions = {},
): Promise<Revocation> {
  const { tls } = spec;
  invariant(tls !== undefined, `${spec.name} has TLS`);
  demandList(spec);
  await successionOf(spec, tls, options).signing().signer();
  const now = nowOf(options);
  const clients = (await issuedClients(spec)).map(({ name, cert }) => knownOf(name, cert));
  const found = matching([...clients, ...known], what);
  for (const one of found) demandSpare(tls, what, one.name);
  const serial = what.replaceAll(":", "").toUpperCase();
  const entries: RevokedCertificate[] = found.map((one) => ({
    ...{ serial: one.serial, name: one.name, reason, at: new Date(now).toISOString(), ends: one.ends },
  }));
  if (found.length === 0) {
    if (!serialForm.test(serial)) throw unknown(what);
    entries.push({ serial: serial.replace(/^0+/, ""), name: "unknown", reason, at: new Date(now).toISOString() });
  }
  const folder = pkiFolder(spec);
  const record = readRevocations(folder);
  const before = (entry: RevokedCertificate): RevokedCertificate | undefined =>
    record.revoked.find((one) => one.serial === entry.serial);
  const added = entries.filter((entry) => before(entry) === undefined);
  if (added.length > 0) await writeRevocations(folder, { ...record, revoked: [...record.revoked, ...added] });
  const already = entries.flatMap((entry) => before(entry) ?? []);
  return { added, already, unknown: found.length === 0 };
}

function knownOf(name: string, pem: string): Known {
  const [leaf] = certificatesIn(pem, name);
  invariant(leaf !== undefined, `a certificate was issued for ${name}`);
  return { name, serial: leaf.serialNumber, ends: validityOf(leaf).notAfter.toISOString() };
}

/** By name or by serial, each once. */
function matching(known: readonly Known[], what: string): Known[] {
  const bare = (serial: string): string => serial.replaceAll(":", "").toUpperCase().replace(/^0+/, "");
  const found = known.filter(({ name, serial }) => name === what || bare(serial) === bare(what));
  return [...new Map(found.map((one) => [one.serial, one])).values()];
}

/** What quorate makes itself, it makes anew; what the file gives, or others depend on, it cannot. */
function demandSpare(tls: TlsSpec, what: string, name: string): void {
  if (name === "ca") throw needed(what, "this is the CA", "change the CA: `quorate certs rotate-ca`");
  const isGiven = tls.given?.[name] !== undefined || (name === "root" && tls.givenClient !== undefined);
  if (isGiven)
    throw needed(what, "the file gives this certificate", "name another pair in the file, and run `quorate up`");
}

function demandList(spec: Spec): void {
  const { tls } = spec;
  const refuse = (message: string, next: string): never => {
    throw new QuorateError("E_REVOCATION_OFF", `${spec.file}: ${message}`, { where: spec.file, next });
  };
  if (tls?.revocation === false) refuse("`tls.revocation` is false", "take the line out of the file, and revoke again");
  if (hasListOfItsOwn(spec))
    refuse("the settings name a list of their own", "write the certificate into that list, or take the setting out");
  const given = tls?.given !== undefined || tls?.givenClient !== undefined;
  if (given && tls?.ca.kind === "given" && tls.ca.key === undefined)
    refuse("the CA's key is not here, so no list can be signed", "have the CA's owner make one, for `client-crl-file`");
}

const needed = (what: string, why: string, next: string): QuorateError =>
  new QuorateError("E_REVOKE_NEEDED", `${what}: ${why}`, { where: what, next });

const unknown = (what: string): QuorateError =>
  new QuorateError("E_REVOKE_UNKNOWN", `${JSON.stringify(what)}: no certificate is known by this name or serial`, {
    where: what,
    expected: "a name as `quorate certs issue` was given it, a member's name, or a serial of 8 to 40 hex digits",
    found: what,
  });
