/** Certificates and keys that the operator gives: everything that can be wrong with them, all at once. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { MemberSpec, Spec, TlsSpec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import { chainTo, signs } from "./chain.js";
import { missingNames, missingUsages, untimely } from "./judge.js";
import { caKey, demandPrivate, plainKey, readKeyFile, readTlsFile } from "./key-file.js";
import { certificatesIn, commonNameOf, subjectLine, validityOf } from "./pem.js";
import { collect } from "./problems.js";
import { dialled, type Usage } from "./profile.js";
import { weaknesses } from "./weakness.js";

/** A given pair of files, absolute. */
export interface GivenPair {
  readonly cert: string;
  readonly key: string;
}

/** Every problem with the given CA, leaves and client pair of a spec; empty when all can be used or none are given. */
export async function checkGiven(spec: Spec, options: AuthorityOptions = {}): Promise<QuorateError[]> {
  const { tls } = spec;
  if (tls === undefined) return [];
  const now = nowOf(options);
  const problems: QuorateError[] = [];
  let trusted: readonly X509Certificate[] | undefined;
  if (tls.ca.kind === "given") {
    const { cert, key } = tls.ca;
    const opened = key === undefined ? undefined : await collect(problems, () => openCaKey(key, options));
    const checked = await checkCa(cert, now, key === undefined || opened === undefined ? undefined : { file: key, key: opened });
    problems.push(...checked.problems);
    trusted = checked.certificates;
  } else if (hasGivenLeaves(tls) || tls.givenClient !== undefined) {
    const expected = "tls.ca: the CA that signed them";
    problems.push(new QuorateError("E_CERT_CHAIN", "certificates are given without their CA", { where: spec.file, expected }));
  }
  for (const member of spec.members) {
    const pair = tls.given?.[member.name];
    if (pair !== undefined) problems.push(...(await checkLeaf(pair, leafNeeds(member), trusted, now)).problems);
  }
  if (tls.givenClient !== undefined) {
    problems.push(...(await checkLeaf(tls.givenClient, clientNeeds, trusted, now)).problems);
  }
  return withoutRepeats(problems);
}

async function openCaKey(path: string, options: AuthorityOptions): Promise<KeyObject> {
  await demandPrivate(path, "ca");
  return caKey(await readKeyFile(path), path, options.passphrase);
}

export interface CheckedCa {
  readonly pem: string;
  readonly certificates: readonly X509Certificate[];
  readonly problems: readonly QuorateError[];
}

/** The CA file alone, and with its key when there is one. */
export async function checkCa(file: string, now: number, key?: { file: string; key: KeyObject }): Promise<CheckedCa> {
  const problems: QuorateError[] = [];
  const pem = (await collect(problems, () => readTlsFile(file))) ?? "";
  const certificates = problems.length > 0 ? [] : ((await collect(problems, () => certificatesIn(pem, file))) ?? []);
  for (const certificate of certificates) {
    if (!certificate.ca) {
      problems.push(
        new QuorateError("E_CA_IS_LEAF", `${file}: ${commonNameOf(certificate)} is not a CA certificate`, {
          where: file,
          expected: "basic constraints CA:TRUE",
          found: `the subject ${subjectLine(certificate.subject)}, CA:FALSE`,
        }),
      );
      continue;
    }
    if (chainTo(selfSigned(certificates), certificate, certificates) === undefined && !signs(certificate, certificate)) {
      problems.push(
        new QuorateError("E_CERT_CHAIN", `${file}: ${commonNameOf(certificate)} is an intermediate whose root is not in the file`, {
          where: file,
          expected: `also the certificate of ${subjectLine(certificate.issuer)}`,
        }),
      );
    }
    problems.push(...generalProblems(file, certificate, now));
  }
  if (key !== undefined && certificates.length > 0 && !certificates.some((one) => one.checkPrivateKey(key.key))) {
    problems.push(mismatch(key.file, file));
  }
  return { pem, certificates, problems };
}

const selfSigned = (certificates: readonly X509Certificate[]): X509Certificate[] =>
  certificates.filter((certificate) => signs(certificate, certificate));

/** What a given leaf is for. */
export interface LeafNeeds {
  /** "member a" or "the client". */
  readonly who: string;
  readonly names: readonly string[];
  readonly usages: readonly Usage[];
}

const leafNeeds = (member: MemberSpec): LeafNeeds => ({
  who: `member ${member.name}`,
  names: [...new Set([...dialled(member).server, ...dialled(member).peer])],
  usages: ["serverAuth", "clientAuth"],
});

export const clientNeeds: LeafNeeds = { who: "the client", names: [], usages: ["clientAuth"] };

/** The needs of a member's given pair, which is its server and its peer certificate at once. */
export const memberNeeds = leafNeeds;

export interface CheckedLeaf {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate | undefined;
  readonly problems: readonly QuorateError[];
}

/** A pair of files against its purpose. @param trusted undefined: the chain is not judged */
export async function checkLeaf(
  pair: GivenPair,
  needs: LeafNeeds,
  trusted: readonly X509Certificate[] | undefined,
  now: number,
): Promise<CheckedLeaf> {
  const problems: QuorateError[] = [];
  const cert = (await collect(problems, () => readTlsFile(pair.cert))) ?? "";
  const read = problems.length > 0 ? [] : ((await collect(problems, () => certificatesIn(cert, pair.cert))) ?? []);
  await collect(problems, () => demandPrivate(pair.key, "leaf"));
  const keyText = (await collect(problems, () => readKeyFile(pair.key))) ?? "";
  const key = keyText === "" ? undefined : await collect(problems, () => plainKey(keyText, pair.key));
  const [leaf, ...between] = read;
  if (leaf !== undefined) {
    if (key !== undefined && !leaf.checkPrivateKey(key)) problems.push(mismatch(pair.key, pair.cert));
    if (trusted !== undefined && trusted.length > 0 && chainTo(trusted, leaf, between) === undefined) {
      problems.push(
        new QuorateError("E_CERT_CHAIN", `${pair.cert}: does not lead to the given CA`, {
          where: pair.cert,
          expected: trusted.map((ca) => subjectLine(ca.subject)).join(" or "),
          found: `the issuer ${subjectLine(leaf.issuer)}`,
        }),
      );
    }
    problems.push(...purposeProblems(pair.cert, leaf, needs), ...generalProblems(pair.cert, leaf, now));
  }
  return { cert, key: keyText, certificate: leaf, problems };
}

function purposeProblems(file: string, leaf: X509Certificate, needs: LeafNeeds): QuorateError[] {
  const usages = missingUsages(leaf, needs.usages).map(
    (usage) =>
      new QuorateError("E_CERT_USAGE", `${file}: lacks the extended key usage ${usage}, which ${needs.who} needs`, {
        where: file,
        expected: needs.usages.join(" and "),
      }),
  );
  const names = missingNames(leaf, needs.names).map(
    (name) =>
      new QuorateError("E_CERT_NAMES", `${file}: does not cover ${name}, the address of ${needs.who}`, {
        where: file,
        expected: `${name} among the subject alternative names`,
        found: leaf.subjectAltName ?? "no subject alternative names",
      }),
  );
  return [...usages, ...names];
}

function generalProblems(file: string, certificate: X509Certificate, now: number): QuorateError[] {
  const who = `${file}: ${commonNameOf(certificate)}`;
  const { notBefore } = validityOf(certificate);
  const dates = untimely(certificate, now).map(
    (reason) =>
      new QuorateError(now < notBefore.getTime() ? "E_CERT_NOT_YET_VALID" : "E_CERT_EXPIRED", `${who} ${reason}`, {
        where: file,
        found: `this machine's clock says ${new Date(now).toISOString()}`,
      }),
  );
  const weak = weaknesses(certificate).map(
    (reason) => new QuorateError("E_CERT_WEAK", `${who} is too weak: ${reason}`, { where: file }),
  );
  return [...dates, ...weak];
}

const mismatch = (keyFile: string, file: string): QuorateError =>
  new QuorateError("E_KEY_MISMATCH", `${keyFile}: is not the key of ${file}`, { where: keyFile });

/** One shared pair stands under every member: what is wrong with the file itself is said once. */
const withoutRepeats = (problems: readonly QuorateError[]): QuorateError[] => [
  ...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values(),
];

const hasGivenLeaves = (tls: TlsSpec): boolean => Object.keys(tls.given ?? {}).length > 0;
