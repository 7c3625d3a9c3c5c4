/**
 * The list of revoked certificates as members read it. etcd compares serials alone: it asks neither who signed a list nor
 * when it ends, and reads one list from a file. So there is one list for all CAs that are trusted, signed by the one that
 * signs, and it is kept young in case a later etcd asks.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { replaceFile } from "../durable-file.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Authority, ListVerdict } from "./authority.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import type { Succession } from "./ca-succession.js";
import { fingerprintOf, fingerprintsOf } from "./fingerprint.js";
import { hasCode, makeFolder } from "./files.js";
import { certificatesIn } from "./pem.js";
import { listFile, readRevocations, writeRevocations, type ListRecord, type Reason } from "./revocation-record.js";
import { revocationList } from "./revocation.js";
import { shareLeft } from "./validity.js";

/** How long a list is good for, days. Members get a new one when less than `renew-at` of it is left. */
const listDays = 90;
/** Lists of the past that are still known as ours. */
const remembered = 100;

type ListPart = Pick<Authority, "revokes" | "revocations" | "judgeList">;

export function revocations(context: {
  spec: Spec;
  tls: TlsSpec;
  cas: Succession;
  folder: string;
  options: AuthorityOptions;
}): ListPart {
  const { spec, tls, cas, folder, options } = context;
  let underWay: ReturnType<Authority["revocations"]> | undefined;

  const rootsOf = (pem: string | undefined): string[] =>
    pem === undefined ? [] : fingerprintsOf(certificatesIn(pem, cas.wanted.file));

  const wantedSigner = (list: ListRecord): boolean => rootsOf(cas.wanted.trustedNow()).includes(list.signer);

  /** Serials that a list has to name now. */
  function due(now: number): { serial: string; at: number; reason: Reason }[] {
    return readRevocations(folder)
      .revoked.filter(({ ends }) => ends === undefined || Date.parse(ends) > now)
      .map(({ serial, at, reason }) => ({ serial, at: Date.parse(at), reason }));
  }

  /** Good enough, whoever of the trusted CAs has signed it. */
  function isFit(list: ListRecord, now: number): boolean {
    const validity = { notBefore: new Date(list.from), notAfter: new Date(list.to) };
    return (
      rootsOf(cas.trustedNow()).includes(list.signer) &&
      due(now).every(({ serial }) => list.serials.includes(serial)) &&
      (shareLeft(validity, now) >= tls.renewAt || !cas.signing().canSign())
    );
  }

  async function stored(list: ListRecord | undefined): Promise<Uint8Array | undefined> {
    if (list === undefined) return undefined;
    try {
      const bytes = await readFile(listFile(folder));
      return digestOf(bytes) === list.sha256 ? bytes : undefined;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  async function make(): ReturnType<Authority["revocations"]> {
    const now = nowOf(options);
    const record = readRevocations(folder);
    const { list } = record;
    const there = await stored(list);
    if (list !== undefined && there !== undefined && isFit(list, now) && (wantedSigner(list) || !signsAnew()))
      return { sha256: list.sha256, bytes: there };
    const entries = due(now);
    const ca = cas.signing();
    const signer = await ca.signer();
    const number = (list?.number ?? 0) + 1;
    const bytes = await revocationList(ca, entries, { now, days: listDays, number });
    const sha256 = digestOf(bytes);
    const [issuer] = certificatesIn(signer.certificate, ca.file);
    await makeFolder(folder);
    await replaceFile(listFile(folder), bytes);
    await writeRevocations(folder, {
      revoked: record.revoked,
      list: {
        ...{ number, sha256, signer: issuer === undefined ? "" : fingerprintOf(issuer) },
        serials: entries.map(({ serial }) => serial),
        ...{ from: new Date(now).toISOString(), to: new Date(now + listDays * 86_400_000).toISOString() },
      },
      before: [...record.before, ...(list === undefined ? [] : [list.sha256])].slice(-remembered),
    });
    return { sha256, bytes };
  }

  /** The CA that signs now is the one that is to stay. */
  const signsAnew = (): boolean => {
    const wanted = rootsOf(cas.wanted.trustedNow());
    return rootsOf(cas.signing().trustedNow()).some((root) => wanted.includes(root)) && cas.signing().canSign();
  };

  return {
    revokes: () => (tls.revocation ?? readRevocations(folder).revoked.length > 0) && !hasListOfItsOwn(spec),
    revocations: () => (underWay ??= make().finally(() => (underWay = undefined))),
    judgeList(sha256, now): ListVerdict {
      const { list, before } = readRevocations(folder);
      if (list?.sha256 !== sha256) return before.includes(sha256) ? "stale" : "foreign";
      if (!isFit(list, now)) return "stale";
      return wantedSigner(list) ? "current" : "former";
    },
  };
}

/** Lists that the file names itself are not quorate's to write. */
export const hasListOfItsOwn = ({ etcd }: Spec): boolean =>
  etcd.settings["client-crl-file"] !== undefined || etcd.settings["peer-crl-file"] !== undefined;

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
