/** A certificate from outside and its key, against what they are for. */
import type { X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { MemberSpec } from "../spec/spec.js";
import { generalProblems, mismatch } from "./certificate-problems.js";
import { chainTo } from "./chain.js";
import { missingNames, missingUsages } from "./judge.js";
import { demandPrivate, plainKey, readKeyFile, readTlsFile } from "./key-file.js";
import { certificatesIn, subjectLine } from "./pem.js";
import { collect } from "./problems.js";
import { dialled, type Usage } from "./profile.js";

/** A given pair of files, absolute. */
export interface GivenPair {
  readonly cert: string;
  readonly key: string;
}

/** What a given leaf is for. */
export interface LeafNeeds {
  /** "member a" or "the client". */
  readonly who: string;
  readonly names: readonly string[];
  readonly usages: readonly Usage[];
}

/** The needs of a member's given pair, which is its server and its peer certificate at once. */
export const memberNeeds = (member: MemberSpec): LeafNeeds => ({
  who: `member ${member.name}`,
  names: [...new Set([...dialled(member).server, ...dialled(member).peer])],
  usages: ["serverAuth", "clientAuth"],
});

export const clientNeeds: LeafNeeds = { who: "the client", names: [], usages: ["clientAuth"] };

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
