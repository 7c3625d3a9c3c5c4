/** The certificates of members: stored, given, issued, signed. */
import { join } from "node:path";
import { QuorateError, invariant } from "../errors.js";
import type { MemberSpec, Spec, TlsSpec } from "../spec/spec.js";
import type { Authority, MemberTrust, TrustVerdict } from "./authority.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import type { Succession } from "./ca-succession.js";
import { checkLeaf, memberNeeds, type GivenPair } from "./check-leaf.js";
import { verdictOn, type Requirement } from "./judge.js";
import { issuePairs, leafValidity } from "./leaf.js";
import { certificatesIn } from "./pem.js";
import { throwAny } from "./problems.js";
import { dialled, peerProfile, serverProfile } from "./profile.js";
import { renewal } from "./renewal.js";
import { revokedSerials } from "./revocation-record.js";
import { publishSet, readLive, type SetFiles } from "./sets.js";
import { keysDigest, keysFit, memberFiles, memberTrust } from "./trust-files.js";

type MemberPart = Pick<Authority, "stored" | "issue" | "sign" | "judge" | "renew">;

/** @param folder absolute: the authority's own, `pki` */
export function memberSets(context: {
  spec: Spec;
  tls: TlsSpec;
  cas: Succession;
  folder: string;
  options: AuthorityOptions;
}): MemberPart {
  const { spec, tls, cas, options } = context;
  const underWay = new Map<string, Promise<MemberTrust>>();
  const folderOf = (name: string): string => join(context.folder, "members", name);

  function memberOf(name: string): MemberSpec {
    const member = spec.members.find((candidate) => candidate.name === name);
    invariant(member !== undefined, `${name} is a member of ${spec.name}`);
    return member;
  }

  async function storedFiles(name: string): Promise<SetFiles | undefined> {
    const given = tls.given?.[name];
    if (given !== undefined) return givenFiles(memberOf(name), given);
    const live = await readLive(folderOf(name), memberFiles);
    return live !== undefined && keysFit(live.files, ["server", "peer"]) ? live.files : undefined;
  }

  async function givenFiles(member: MemberSpec, pair: GivenPair): Promise<SetFiles> {
    const trusted = cas.trustedNow() ?? (await cas.wanted.trusted()) ?? "";
    const anchors = certificatesIn(trusted, cas.wanted.file);
    const { cert, key, problems } = await checkLeaf(pair, memberNeeds(member), anchors, nowOf(options));
    throwAny(problems);
    return { "ca.pem": trusted, "server.pem": cert, "server-key.pem": key, "peer.pem": cert, "peer-key.pem": key };
  }

  async function issue(name: string, roots: readonly string[] | undefined): Promise<MemberTrust> {
    const member = memberOf(name);
    const stored = await storedFiles(name);
    await cas.admit();
    const trusting = (files: SetFiles): MemberTrust =>
      memberTrust(roots === undefined ? files : { ...files, "ca.pem": cas.bundle(roots) });
    if (stored !== undefined && fit(member, stored)) return trusting(stored);
    const profiles = [serverProfile(spec, member), peerProfile(spec, member)];
    const { trusted, pairs } = await issuePairs(profiles, { ...context, ca: cas.signing() });
    const [server, peer] = pairs;
    invariant(server !== undefined && peer !== undefined, "one pair for each profile");
    const files = {
      "ca.pem": trusted,
      "server.pem": server.cert,
      "server-key.pem": server.key,
      "peer.pem": peer.cert,
      "peer-key.pem": peer.key,
    };
    await publishSet(folderOf(name), files);
    return trusting(files);
  }

  /** Given pairs cannot be made better here, nor anything without the CA's key. */
  function fit(member: MemberSpec, files: SetFiles): boolean {
    if (tls.given?.[member.name] !== undefined) return true;
    const { state } = judge(member.name, pairOf(files), nowOf(options));
    return state === "ok" || (state === "renewal-due" && !cas.signing().canSign());
  }

  function judge(name: string, pair: { ca: string; server: string; peer: string }, now: number): TrustVerdict {
    const member = memberOf(name);
    const given = tls.given?.[name] !== undefined;
    const pem = cas.trustedNow();
    if (pem === undefined) {
      return { state: "wrong", reasons: ["ca: this cluster has no CA yet"], foreignCa: true, notAfter: undefined };
    }
    const needs = given ? givenRequirements(member) : ownRequirements(spec, member);
    const pairs = new Map([
      [needs.server, pair.server],
      [needs.peer, pair.peer],
    ]);
    const renewBefore = options.renew?.members.includes(name) === true ? options.renew.before : undefined;
    const trusted = certificatesIn(pem, cas.wanted.file);
    const verdict = verdictOn(pairs, pair.ca, {
      ...{ trusted, now, renewAt: tls.renewAt, renewBefore },
      revoked: revokedSerials(context.folder),
    });
    const renewable = !given && cas.signing().canSign();
    return { ...verdict, renewable, state: given && verdict.state === "outdated" ? "wrong" : verdict.state };
  }

  return {
    stored: async (name) => {
      const files = await storedFiles(name);
      return files === undefined ? undefined : memberTrust(files);
    },
    issue: (name, roots) => {
      const running = underWay.get(name) ?? issue(name, roots).finally(() => underWay.delete(name));
      underWay.set(name, running);
      return running;
    },
    renew: renewal({ ...context, memberOf, storedFiles, folderOf, fit }),
    sign: async (name, requests, roots) => {
      const member = memberOf(name);
      if (tls.given?.[name] !== undefined) {
        throw new QuorateError("E_CSR", `${name}: has given certificates, so nothing is signed for it`, {
          where: name,
        });
      }
      const { readRequest } = await import("./requests.js");
      const [serverKey, peerKey, signer] = await Promise.all([
        readRequest(requests.server, `the server request of ${name}`),
        readRequest(requests.peer, `the peer request of ${name}`),
        cas.signing().signer(),
      ]);
      const { makeLeaf } = await import("./certificate.js");
      const common = {
        subject: tls.subject,
        issuer: signer,
        validity: leafValidity(spec, signer, tls.leafDays, options),
      };
      const [server, peer] = await Promise.all([
        makeLeaf({ ...common, profile: serverProfile(spec, member), publicKey: serverKey }),
        makeLeaf({ ...common, profile: peerProfile(spec, member), publicKey: peerKey }),
      ]);
      await cas.admit();
      const trusted = roots === undefined ? signer.trusted : cas.bundle(roots);
      return { generation: keysDigest({ "server.pem": server, "peer.pem": peer }), ca: trusted, server, peer };
    },
    judge,
  };
}

const pairOf = (files: SetFiles): { ca: string; server: string; peer: string } => ({
  ca: files["ca.pem"] ?? "",
  server: files["server.pem"] ?? "",
  peer: files["peer.pem"] ?? "",
});

type Requirements = { server: Requirement; peer: Requirement };

/** What we issue must still be all that we would issue today. */
function ownRequirements(spec: Spec, member: MemberSpec): Requirements {
  const [server, peer] = [serverProfile(spec, member), peerProfile(spec, member)];
  return {
    server: { what: "server", names: server.names, usages: server.usages, commonName: server.commonName },
    peer: { what: "peer", names: peer.names, usages: peer.usages, commonName: peer.commonName },
  };
}

/** What is given must serve: any CN, and at least the addresses that others dial. */
function givenRequirements(member: MemberSpec): Requirements {
  const usages = ["serverAuth", "clientAuth"] as const;
  const names = dialled(member);
  return {
    server: { what: "server", names: names.server, usages, commonName: undefined },
    peer: { what: "peer", names: names.peer, usages, commonName: undefined },
  };
}
