/** Certificates and keys that the operator gives: everything that can be wrong with them, all at once. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { QuorateError } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import { checkCa } from "./check-ca.js";
import { checkLeaf, clientNeeds, memberNeeds } from "./check-leaf.js";
import { caKey, demandPrivate, readKeyFile } from "./key-file.js";
import { collect } from "./problems.js";

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
    const checked = await checkCa(
      cert,
      now,
      key === undefined || opened === undefined ? undefined : { file: key, key: opened },
    );
    problems.push(...checked.problems);
    trusted = checked.certificates;
  } else if (hasGivenLeaves(tls) || tls.givenClient !== undefined) {
    const expected = "tls.ca: the CA that signed them";
    problems.push(
      new QuorateError("E_CERT_CHAIN", "certificates are given without their CA", { where: spec.file, expected }),
    );
  }
  for (const member of spec.members) {
    const pair = tls.given?.[member.name];
    if (pair !== undefined) problems.push(...(await checkLeaf(pair, memberNeeds(member), trusted, now)).problems);
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

/** One shared pair stands under every member: what is wrong with the file itself is said once. */
const withoutRepeats = (problems: readonly QuorateError[]): QuorateError[] => [
  ...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values(),
];

const hasGivenLeaves = (tls: TlsSpec): boolean => Object.keys(tls.given ?? {}).length > 0;
