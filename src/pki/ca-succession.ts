/** One CA after another: which is wanted, which sign and are trusted meanwhile, and who still holds to an old one. */
import { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Anchors } from "./authority.js";
import type { AuthorityOptions, Ca } from "./ca.js";
import { nowOf } from "./ca.js";
import { clientsCa, readCaRecord, writeCaRecord, type CaRecord } from "./ca-record.js";
import { chainTo } from "./chain.js";
import { fingerprintOf, fingerprintsOf, joinPem } from "./fingerprint.js";
import { currentClients } from "./issued-clients.js";
import { ownCa, ownCaCount } from "./own-ca.js";
import { certificatesIn, validityOf } from "./pem.js";
import { revokedSerials } from "./revocation-record.js";

export interface Succession {
  /** The CA that is to be the only one. */
  readonly wanted: Ca;
  /** The CA that signs now. */
  signing(): Ca;
  /** Everything that is trusted now, PEM; undefined when there is no CA yet. */
  trustedNow(): string | undefined;
  anchors(): Promise<Anchors>;
  bundle(roots: readonly string[]): string;
  /** Put on record what was only concluded so far, once there is more than one CA. */
  admit(): Promise<void>;
  isRecorded(): boolean;
  adopt(): Promise<void>;
  forget(): Promise<void>;
}

export function succession(context: {
  spec: Spec;
  tls: TlsSpec;
  wanted: Ca;
  folder: string;
  options: AuthorityOptions;
}): Succession {
  const { spec, tls, wanted, folder, options } = context;

  function record(): CaRecord | undefined {
    const pem = wanted.trustedNow();
    if (pem === undefined) return undefined;
    const noted = readCaRecord(folder);
    const base = noted?.trusted ?? clientsCa(folder) ?? pem;
    const first = noted?.first ?? rootsOf(base);
    const all = joinPem([base, pem], wanted.file);
    return {
      first,
      signing: noted?.signing ?? first,
      trusted: rootsOf(all).length === rootsOf(pem).length ? pem : all,
    };
  }

  /** Whoever signs, what is handed out beside a certificate is all that is trusted. */
  const trusting = (ca: Ca): Ca => ({
    ...ca,
    signer: async () => {
      const signer = await ca.signer();
      return { ...signer, trusted: record()?.trusted ?? signer.trusted };
    },
  });

  const rootsOf = (pem: string | undefined): string[] =>
    pem === undefined ? [] : fingerprintsOf(certificatesIn(pem, wanted.file));

  function signing(): Ca {
    const now = record();
    const target = rootsOf(wanted.trustedNow());
    if (now === undefined || now.signing.some((root) => target.includes(root))) return trusting(wanted);
    for (let index = ownCaCount(folder); index >= 1; index -= 1) {
      const former = ownCa(spec, tls, folder, options, index);
      if (rootsOf(former.trustedNow()).some((root) => now.signing.includes(root))) return trusting(former);
    }
    const trusted = bundle(now.signing);
    return {
      ...{ file: wanted.file, trusted: async () => trusted, trustedNow: () => trusted },
      ...{ canSign: () => false, signer: () => Promise.reject(formerKeyAbsent(wanted.file)) },
    };
  }

  function bundle(roots: readonly string[]): string {
    const known = certificatesIn(record()?.trusted ?? "", wanted.file);
    const found = known.filter((certificate) => roots.includes(fingerprintOf(certificate)));
    const missing = roots.filter((root) => !found.some((certificate) => fingerprintOf(certificate) === root));
    if (missing.length > 0) {
      const message = `${missing.join(", ")}: no certificate of this CA is known any more`;
      throw new QuorateError("E_CA_UNKNOWN", message, { where: folder });
    }
    return found.map((certificate) => certificate.toString()).join("");
  }

  async function change(next: (now: CaRecord) => CaRecord): Promise<void> {
    const now = record();
    if (now !== undefined) await writeCaRecord(folder, next(now));
  }

  return {
    wanted,
    signing,
    trustedNow: () => record()?.trusted,
    bundle,
    async anchors() {
      const now = record();
      const target = rootsOf(wanted.trustedNow());
      if (now === undefined) return { first: [], wanted: target, trusted: [], signing: [], waiting: [] };
      const trusted = rootsOf(now.trusted);
      const changing = trusted.some((root) => !target.includes(root));
      const waiting = changing
        ? await clientsOfOthers(
            spec,
            certificatesIn(wanted.trustedNow() ?? "", "ca"),
            nowOf(options),
            revokedSerials(folder),
          )
        : [];
      return { first: now.first, wanted: target, trusted, signing: now.signing, waiting };
    },
    isRecorded: () => readCaRecord(folder) !== undefined,
    async admit() {
      const now = record();
      if (now !== undefined && rootsOf(now.trusted).some((root) => !now.first.includes(root)))
        await change((known) => known);
    },
    adopt: () => change((now) => ({ ...now, signing: rootsOf(wanted.trustedNow()) })),
    forget: () => change((now) => ({ ...now, trusted: wanted.trustedNow() ?? now.trusted })),
  };
}

/** Names of clients whose newest certificate is valid still, not revoked, and leads to none of these CAs. */
async function clientsOfOthers(
  spec: Spec,
  anchors: readonly X509Certificate[],
  now: number,
  revoked: ReadonlySet<string>,
): Promise<string[]> {
  const clients = await currentClients(spec);
  return clients.flatMap(({ name, cert }) => {
    const [leaf, ...between] = certificatesIn(cert, name);
    if (leaf === undefined || validityOf(leaf).notAfter.getTime() < now || revoked.has(leaf.serialNumber)) return [];
    return chainTo(anchors, leaf, between) === undefined ? [name] : [];
  });
}

const formerKeyAbsent = (file: string): QuorateError =>
  new QuorateError("E_CA_KEY_ABSENT", "the CA that still signs was given before, and its key is no longer named", {
    where: file,
    next: "let the change of the CA go on first: run `quorate up`",
  });
